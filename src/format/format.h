/*
 * format: the table of file formats, and the functions of each.
 *
 *	reading   text -> parse -> key file -> (decrypt) -> decode -> key parts
 *	writing   key -> encode -> (encrypt) -> key file -> frame -> text
 *
 * parse, decode, encode and frame never encrypt, decrypt or call libcrypto.
 */
#ifndef FORMAT_H
#define FORMAT_H

#include "encoding/key_line.h"
#include "key/key.h"
#include "key/key_blob.h"
#include "key/protection.h"

struct format;

#define FORMAT_LINE 65536       /* most bytes of a line outside a block such as PEM */

/* A key of a stream, parsed but not decrypted; or a key that will be written (key_file.h). */
struct key_file {
	const struct format *format;
	const struct key_type *type;    /* NULL if unknown, or if only the private part states it */
	struct slice text;              /* its bytes in the input */
	unsigned long line;             /* line number of its beginning, from 1 */
	struct key_blob blob;           /* the public half, parsed in place, or empty */
	struct slice options;           /* the options of an authorized_keys line, or empty */
	struct slice comment;           /* the comment, if it is not encrypted, or empty */
	struct protection protection;
	struct slice encrypted;         /* the private part, encrypted or not; or empty */
	unsigned deviations;            /* a set of enum key_deviation (key_deviation.h) */
	struct buffer bytes;            /* the slices point into it or into text */
};

#define KEY_FILE_EMPTY { .bytes = BUFFER_EMPTY }

enum { FORMAT_WRITE = 1, FORMAT_PUBLIC = 2, FORMAT_PRIVATE = 4 };

/* How ssh and libssh2 load a private key: BY_NONE: not at all; AS_OPENSSH: by their own parser;
 * AS_PEM: by libcrypto. */
enum format_loaded { FORMAT_BY_NONE, FORMAT_AS_OPENSSH, FORMAT_AS_PEM };

struct format {
	const char *name;       /* as ssh-keygen -m names it */
	unsigned can;           /* a set of the flags above; every format is read */
	const char *begin[3];   /* its first line, without blanks around it, is one of these strings */
	const char *end_line;   /* its last line begins with this; NULL: the text is one line */

	/* How it encrypts a key that it writes, by default. kdf KDF_NONE: not at all. rounds 0:
	 * their number cannot be chosen. */
	struct {
		enum kdf kdf;
		const char *cipher, *digest;
		uint32_t rounds, r, p;
	} encryption;
	enum mac mac;           /* the MAC of the private part, encrypted or not */
	int needs_random;       /* encode needs random bytes even if it does not encrypt */
	enum format_loaded loaded;
	const char *called;     /* its name in messages; NULL: "a format that only xferkey reads" */

	/* accepts_cipher: 1 if a new file can combine encryption.kdf with this cipher. */
	int (*accepts_cipher)(const struct cipher *c);

	/* recognizes: 1 if a text with this first line has this format. NULL: the member begin
	 * decides. */
	int (*recognizes)(struct slice line);

	/* parse: fills in f, which is empty except for its format and text: the members comment and
	 * encrypted, and blob if the public half is not encrypted. If the text is one line,
	 * f->bytes may still hold the bytes of another key. Returns 0, ERROR_MALFORMED,
	 * ERROR_VERSION, ERROR_CIPHER, ERROR_COST, ERROR_TYPE, ERROR_CURVE or ERROR_MEMORY; for a
	 * key line also ERROR_NOT_KEY, or a spelling error (key_blob.h), after which f is
	 * complete. */
	int (*parse)(struct key_file *f);

	/* decode: fills in parts, which are empty, from plain, the decrypted private part, and from
	 * f's comment if parse has set it. Returns the errors of parse, or ERROR_PASSPHRASE if
	 * plain shows that the passphrase was wrong. */
	int (*decode)(const struct key_file *f, struct slice plain, struct key_parts *parts);

	/* encode: appends the private part, not encrypted, to plain. f's protection says how it
	 * will be encrypted; its iv is random if it will be encrypted or if needs_random is set.
	 * Returns 0, ERROR_FORMAT if the format cannot hold this type, ERROR_MEMORY or
	 * ERROR_TOO_BIG. NULL in a public format. */
	int (*encode)(const struct key *k, const struct key_file *f, struct buffer *plain);

	/* mac_header: appends the bytes that the MAC covers before the private part, which has n
	 * bytes when decrypted. Returns the errors of encode. NULL if the format has no MAC. */
	int (*mac_header)(const struct key_file *f, size_t n, struct buffer *header);

	/* frame: appends the file's text, made from f's blob, comment, encrypted and protection.
	 * Returns the errors of encode; for a key line also ERROR_TYPE. */
	int (*frame)(const struct key_file *f, struct buffer *text);
};

/* The formats; each name begins with the name of its file. The first format that recognizes a text
 * reads it. openssh_public is last: it is for lines that begin no block. */
#define FORMATS(row) \
	row(openssh_private) row(pkcs1_sec1_private) row(pkcs8_private) row(ppk_2) row(ppk_3) \
	row(sshcom) row(rfc4716) row(public_pem_pkcs1) row(public_pem_spki) row(openssh_public)
#define FORMAT_DECLARE(name) extern const struct format format_##name;
FORMATS(FORMAT_DECLARE)

/* format_row: the row with this index, or NULL past the end. */
const struct format *format_row(size_t i);

/* format_named: the row with this name, ignoring case, whose flags (its member can) include all
 * flags of the last argument; or NULL. */
const struct format *format_named(const char *name, unsigned what);

/* format_recognizing: the row that reads a text with this first line; or NULL. */
const struct format *format_recognizing(struct slice line);

/* format_default: the private format that every documented ascp reads for a key of this type. */
const struct format *format_default(const struct key_type *t, int encrypted);

/* format_public: appends the text of f's public half in this format, with its comment escaped
 * (escape.h). Returns 0; or, with nothing appended, ERROR_FORMAT, ERROR_TYPE, ERROR_MEMORY, or
 * ERROR_TOO_BIG if the text would be too long to read again. */
int format_public(const struct format *format, const struct key_file *f, struct buffer *text);

/* format_line: appends the line of the key's .pub file. Returns 0 or an error. */
int format_line(const struct key *k, struct buffer *line);

/* format_parse: parses text, of this format, into f; of the old contents of f only its line and its
 * memory stay. Returns the errors of the row's parse; ERROR_MEMORY says nothing about the text. */
int format_parse(const struct format *format, struct slice text, struct key_file *f);

/* format_free: frees the memory of f, which is then empty. */
void format_free(struct key_file *f);

/* format_decode: calls decode of f's format. If memory runs out it returns ERROR_MEMORY, never an
 * error about the key. */
int format_decode(const struct key_file *f, struct slice plain, struct key_parts *parts);

/* format_stated_cipher: sets f's protection from the cipher name that its file states: "none", or
 * the cipher of the format's encryption. Returns 0, or ERROR_CIPHER for another name. */
int format_stated_cipher(struct key_file *f, struct slice name);

/* format_openssh_public_split: splits a key line into its fields. Returns 1, or 0 if text is no key
 * line. */
int format_openssh_public_split(struct slice text, struct key_line *line);

/* format_rfc4716_armour: parses f's text, a block from "---- BEGIN" to "---- END" with the headers
 * of RFC 4716. Sets f's comment, and *body to the decoded base64; both point into f's bytes, which
 * must be empty. Returns 0 or ERROR_MALFORMED. */
int format_rfc4716_armour(struct key_file *f, struct slice *body);

#endif
