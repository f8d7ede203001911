/*
 * key_format: the table of file formats, and what each is asked to do.
 *
 *	reading   text -> parse -> key file -> (decrypt) -> decode -> key parts
 *	writing   key -> encode -> (encrypt) -> key file -> frame -> text
 *
 * parse, decode, encode and frame are pure: they derive, decrypt and check
 * nothing with libcrypto.
 */
#ifndef KEY_FORMAT_H
#define KEY_FORMAT_H

#include "base/buffer.h"
#include "key/key.h"
#include "key/key_blob.h"
#include "encoding/key_line.h"
#include "key/protection.h"
#include "base/slice.h"

struct key_format;

/* The most bytes in a line outside PEM and the like, without its end. */
#define KEY_FORMAT_LINE 65536

/* One key of a stream, parsed, nothing decrypted; or one that will be written. key_file.h reads
 * and writes it. */
struct key_file {
	const struct key_format *format;
	const struct key_type *type;    /* NULL where only the private part tells, or unknown */
	struct slice text;              /* its bytes in the input */
	unsigned long line;             /* where it begins, from 1 */
	struct key_blob blob;           /* the public half, parsed in place; empty where it is encrypted */
	struct slice options;           /* of an authorized_keys line, or empty */
	struct slice comment;           /* in the clear, or empty */
	struct protection protection;
	struct slice encrypted;         /* the private part, encrypted or not; empty: a public key */
	unsigned deviations;            /* a set of enum key_deviation (key_deviation.h) */
	struct buffer bytes;            /* what the slices point into, where not the text */
};

#define KEY_FILE_EMPTY { .bytes = BUFFER_EMPTY }

enum { KEY_READ = 1, KEY_WRITE = 2, KEY_PUBLIC = 4, KEY_PRIVATE = 8 };

struct key_format {
	const char *name;       /* as ssh-keygen -m names it */
	unsigned can;
	const char *end_line;   /* what its last line begins with; NULL: one line is all */

	/* How it encrypts a key that it writes, unless told otherwise; KDF_NONE:
	 * it does not. rounds 0: there are none to choose. */
	struct {
		enum kdf kdf;
		const char *cipher, *digest;
		uint32_t rounds, r, p;
	} encryption;
	enum mac mac;           /* of its private part, encrypted or not */
	int needs_random;       /* encode needs random bytes, encrypted or not */

	/* accepts_cipher: 1 when encryption.kdf goes with this cipher there. */
	int (*accepts_cipher)(const struct cipher *c);

	/* recognizes and parse are NULL where nothing is read; such rows come last.
	 * recognizes: 1 when a text with this first line is for this format. */
	int (*recognizes)(struct slice line);

	/* parse: fills in f, which is empty but for its format and text; where one line is all its
	 * bytes may still be those of another key. Returns 0, KEY_E_MALFORMED,
	 * KEY_E_VERSION, KEY_E_CIPHER, KEY_E_COST, KEY_E_TYPE, KEY_E_CURVE or
	 * KEY_E_MEMORY; of a key line also a spelling (key_blob.h), with f complete. */
	int (*parse)(struct slice text, struct key_file *f);

	/* decode: fills parts, which are empty, from the private part, decrypted. Also
	 * KEY_E_PASSPHRASE where the plain text itself shows it. */
	int (*decode)(const struct key_file *f, struct slice plain, struct key_parts *parts);

	/* encode: the private part before it is encrypted. f->protection is set; its iv is random
	 * where it will be encrypted or the format needs_random. KEY_E_FORMAT where the format cannot
	 * hold this type. NULL in a public format. */
	int (*encode)(const struct key *k, const struct key_file *f, struct buffer *plain);

	/* mac_header: appends what the mac covers before the private part, n bytes
	 * long when decrypted. NULL where there is no mac. */
	int (*mac_header)(const struct key_file *f, size_t n, struct buffer *header);

	/* frame: appends the file's text, from f's blob, comment, encrypted and protection. */
	int (*frame)(const struct key_file *f, struct buffer *text);
};

/* The formats: format_openssh_private and so on, each in the file of that name or its beginning. The
 * first that recognizes a text reads it: key lines, which recognize what begins no block, are last
 * of those that read. */
#define KEY_FORMATS(row) \
	row(openssh_private) row(pkcs1_sec1_private) row(pkcs8_private) row(ppk_2) row(ppk_3) \
	row(sshcom) row(rfc4716) row(public_pem_pkcs1) row(public_pem_spki) row(openssh_public)
#define KEY_FORMAT_DECLARE(name) extern const struct key_format format_##name;
KEY_FORMATS(KEY_FORMAT_DECLARE)

/* key_format_row: the row with this index, or NULL past the end. */
const struct key_format *key_format_row(size_t i);

/* key_format_named: the row by name that can do all of what; case does not
 * matter. NULL when there is none. */
const struct key_format *key_format_named(const char *name, unsigned what);

/* key_format_recognizing: the row that reads a text with this first line; a line
 * that begins no block and that is no key line gives NULL. */
const struct key_format *key_format_recognizing(struct slice line);

/* key_format_default: the private format that every documented ascp reads for
 * a key of this type, encrypted with a passphrase or not. */
const struct key_format *key_format_default(const struct key_type *t, int encrypted);

/* key_format_public: appends the text of f's public half in this format, its comment
 * escaped (escape.h). Returns 0, or with nothing appended KEY_E_FORMAT, KEY_E_MEMORY, or
 * KEY_E_TOO_BIG for what could not be read again. */
int key_format_public(const struct key_format *format, const struct key_file *f, struct buffer *text);

/* key_format_line: appends the line that belongs in the key's .pub. Returns 0 or an error. */
int key_format_line(const struct key *k, struct buffer *line);

/* key_format_parse: parses text, of this format, into f; of what f held only its line and its
 * memory stay. Returns what the row's parse does; KEY_E_MEMORY is no verdict about the text. */
int key_format_parse(const struct key_format *format, struct slice text, struct key_file *f);

/* key_format_free: gives back the memory of f, which is then empty. */
void key_format_free(struct key_file *f);

/* key_format_decode: f's decode, where a shortage of memory is KEY_E_MEMORY and no verdict. */
int key_format_decode(const struct key_file *f, struct slice plain, struct key_parts *parts);

#endif
