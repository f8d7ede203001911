/*
 * format: the table of file formats, and what each is asked to do.
 *
 *	reading   text -> parse -> key file -> (decrypt) -> decode -> key parts
 *	writing   key -> encode -> (encrypt) -> key file -> frame -> text
 *
 * None of the four derives, decrypts or checks anything with libcrypto.
 */
#ifndef FORMAT_H
#define FORMAT_H

#include "encoding/key_line.h"
#include "key/key.h"
#include "key/key_blob.h"
#include "key/protection.h"

struct format;

#define FORMAT_LINE 65536       /* bytes, at most, of a line outside PEM and the like */

/* One key of a stream, parsed, nothing decrypted; or one that will be written (key_file.h). */
struct key_file {
	const struct format *format;
	const struct key_type *type;    /* NULL where only the private part tells, or unknown */
	struct slice text;              /* its bytes in the input */
	unsigned long line;             /* where it begins, from 1 */
	struct key_blob blob;           /* the public half, parsed in place; or empty */
	struct slice options;           /* of an authorized_keys line, or empty */
	struct slice comment;           /* in the clear, or empty */
	struct protection protection;
	struct slice encrypted;         /* the private part, also if it is plain; or empty */
	unsigned deviations;            /* a set of enum key_deviation (key_deviation.h) */
	struct buffer bytes;            /* what the slices point into, where not the text */
};

#define KEY_FILE_EMPTY { .bytes = BUFFER_EMPTY }

enum { FORMAT_WRITE = 1, FORMAT_PUBLIC = 2, FORMAT_PRIVATE = 4 };

/* FORMAT_AS_PEM: by libcrypto. */
enum format_loaded { FORMAT_BY_NONE, FORMAT_AS_OPENSSH, FORMAT_AS_PEM };

struct format {
	const char *name;       /* as ssh-keygen -m names it */
	unsigned can;           /* all are read */
	const char *begin[3];   /* its first line, without blanks around it, is one of these */
	const char *end_line;   /* what its last line begins with; NULL: one line is all */

	/* How it encrypts a key that it writes, unless told otherwise; KDF_NONE: it does not.
	 * rounds 0: there are none to choose. */
	struct {
		enum kdf kdf;
		const char *cipher, *digest;
		uint32_t rounds, r, p;
	} encryption;
	enum mac mac;           /* of its private part, encrypted or not */
	int needs_random;       /* encode needs random bytes, encrypted or not */
	enum format_loaded loaded;      /* how ssh and libssh2 load a private key in it */
	const char *called;     /* why they do not; NULL: "a format that only xferkey reads" */

	/* accepts_cipher: 1 when encryption.kdf goes with this cipher there. */
	int (*accepts_cipher)(const struct cipher *c);

	/* recognizes: 1 when a text with this first line is for this format. NULL: begin tells. */
	int (*recognizes)(struct slice line);

	/* parse: fills in f, which is empty but for its format and text: its blob if the public
	 * half is in the clear, its comment, and encrypted, which may be plain. If one line is all,
	 * its bytes may still be those of another key. Returns 0, ERROR_MALFORMED, ERROR_VERSION,
	 * ERROR_CIPHER, ERROR_COST, ERROR_TYPE, ERROR_CURVE or ERROR_MEMORY; of a key line also
	 * ERROR_NOT_KEY, or a spelling (key_blob.h), with f complete. */
	int (*parse)(struct key_file *f);

	/* decode: fills parts, which are empty, from the private part, decrypted, and f's comment,
	 * if parse has set that. Returns as parse, or ERROR_PASSPHRASE if the plain text shows
	 * it. */
	int (*decode)(const struct key_file *f, struct slice plain, struct key_parts *parts);

	/* encode: appends the private part before it is encrypted, by f's protection, whose iv is
	 * random if it will be encrypted or the format needs_random. Returns 0, ERROR_FORMAT if the
	 * format cannot hold this type, ERROR_MEMORY or ERROR_TOO_BIG. NULL in a public format. */
	int (*encode)(const struct key *k, const struct key_file *f, struct buffer *plain);

	/* mac_header: appends what the mac covers before the private part, of n bytes when
	 * decrypted. Returns as encode. NULL where there is no mac. */
	int (*mac_header)(const struct key_file *f, size_t n, struct buffer *header);

	/* frame: appends the file's text, from f's blob, comment, encrypted and protection. Returns
	 * as encode. */
	int (*frame)(const struct key_file *f, struct buffer *text);
};

/* The formats, each in the file of its name or of its beginning. The first that recognizes a text
 * reads it: key lines, which recognize what begins no block, are last. */
#define FORMATS(row) \
	row(openssh_private) row(pkcs1_sec1_private) row(pkcs8_private) row(ppk_2) row(ppk_3) \
	row(sshcom) row(rfc4716) row(public_pem_pkcs1) row(public_pem_spki) row(openssh_public)
#define FORMAT_DECLARE(name) extern const struct format format_##name;
FORMATS(FORMAT_DECLARE)

/* format_row: the row with this index, or NULL past the end. */
const struct format *format_row(size_t i);

/* format_named: the row by name, in any case, that can do all of what; or NULL. */
const struct format *format_named(const char *name, unsigned what);

/* format_recognizing: the row that reads a text with this first line; or NULL. */
const struct format *format_recognizing(struct slice line);

/* format_default: the private format that every documented ascp reads for a key of this type. */
const struct format *format_default(const struct key_type *t, int encrypted);

/* format_public: appends the text of f's public half in this format, its comment escaped
 * (escape.h). Returns 0, or with nothing appended ERROR_FORMAT, ERROR_MEMORY, or ERROR_TOO_BIG if
 * it could not be read again. */
int format_public(const struct format *format, const struct key_file *f, struct buffer *text);

/* format_line: appends the line that belongs in the key's .pub. Returns 0 or an error. */
int format_line(const struct key *k, struct buffer *line);

/* format_parse: parses text, of this format, into f, which keeps only its line and its memory.
 * Returns as the row's parse; ERROR_MEMORY is no verdict about the text. */
int format_parse(const struct format *format, struct slice text, struct key_file *f);

/* format_free: gives back the memory of f, which is then empty. */
void format_free(struct key_file *f);

/* format_decode: f's decode, where a shortage of memory is ERROR_MEMORY and no verdict. */
int format_decode(const struct key_file *f, struct slice plain, struct key_parts *parts);

/* format_stated_cipher: sets f's protection from a cipher's name in its file: "none", or that of
 * the format's encryption. Returns 0 or ERROR_CIPHER. */
int format_stated_cipher(struct key_file *f, struct slice name);

/* format_openssh_public_split: the fields of a key line. Returns 1, or 0 when it is none. */
int format_openssh_public_split(struct slice text, struct key_line *line);

/* format_rfc4716_armour: parses f's text, between "---- BEGIN" and "---- END" with RFC 4716's
 * headers: f gets its comment, and *body what the base64 decodes to; both are in f's bytes, empty
 * before. Returns 0 or ERROR_MALFORMED. */
int format_rfc4716_armour(struct key_file *f, struct slice *body);

#endif
