/*
 * key_format: the table of file formats, and what each is asked to do.
 *
 *	reading   text -> open -> envelope -> (seal_open) -> decode -> key
 *	writing   key -> encode -> (seal_close) -> envelope -> frame -> text
 *
 * open, decode, encode and frame are pure: they derive, decrypt and check
 * nothing with libcrypto. A new format is one file and one row.
 */
#ifndef KEY_FORMAT_H
#define KEY_FORMAT_H

#include "buffer.h"
#include "key.h"
#include "key_line.h"
#include "protection.h"
#include "slice.h"

struct key_format;

/* The most bytes in a line outside armour, without its end. */
#define KEY_FORMAT_LINE 65536

/* A key file taken apart, or about to be put together; nothing is decrypted. */
struct envelope {
	const struct key_format *format;
	struct protection prot;
	const struct key_type *type;    /* where the outside tells it, else NULL */
	struct slice pub;               /* public blob in the clear, or empty */
	struct key_view view;           /* of pub, where open had to take it apart */
	struct slice comment;           /* in the clear, or empty */
	struct slice options;           /* of an authorized_keys line, or empty */
	struct slice sealed;            /* private part, decrypted or not; empty: public file */
	struct buffer bytes;            /* what the slices point into, where not the text */
};

#define ENVELOPE_EMPTY { .bytes = BUFFER_EMPTY }

enum { KEY_READ = 1, KEY_WRITE = 2, KEY_PUBLIC = 4, KEY_PRIVATE = 8 };

struct key_format {
	const char *name;       /* as ssh-keygen -m names it */
	unsigned can;
	const char *last;       /* what its last line begins with; NULL: one line is all */

	/* How it protects a key that it writes, unless told otherwise; KDF_NONE:
	 * it does not. rounds 0: there are none to choose. */
	struct {
		enum kdf kdf;
		const char *cipher, *digest;
		uint32_t rounds, r, p;
	} seal;
	enum mac mac;           /* of its private part, encrypted or not */
	int draws;              /* encode takes random bytes, encrypted or not */

	/* admits: 1 when seal.kdf goes with this cipher there. */
	int (*admits)(const struct cipher *c);

	/* claims and open are NULL where nothing is read; such rows come last.
	 * claims: 1 when a text with this first line is for this format. */
	int (*claims)(struct slice line);

	/* open: takes text apart; e->format is set. Returns 0, KEY_E_MALFORMED,
	 * KEY_E_VERSION, KEY_E_CIPHER, KEY_E_COST, KEY_E_TYPE, KEY_E_CURVE or
	 * KEY_E_MEMORY; of a key line also a spelling (key_blob.h), with e complete. */
	int (*open)(struct slice text, struct envelope *e);

	/* decode: fills parts, which are empty, from the private part, decrypted. Also
	 * KEY_E_PASSPHRASE where the plain text itself shows it. */
	int (*decode)(const struct envelope *e, struct slice plain, struct key_parts *parts);

	/* encode: what is to be sealed. e->prot is set; its iv is random where it is
	 * to be encrypted or the format draws. KEY_E_FORMAT where the format cannot
	 * hold this type. NULL in a public format. */
	int (*encode)(const struct key *k, const struct envelope *e, struct buffer *plain);

	/* covers: appends what the mac covers before the private part, n bytes
	 * long when decrypted. NULL where there is no mac. */
	int (*covers)(const struct envelope *e, size_t n, struct buffer *over);

	/* frame: the file's text from e->pub, e->comment, e->sealed, e->prot; in a
	 * public format from e->view too. */
	int (*frame)(const struct envelope *e, struct buffer *text);
};

/* key_format_row: the row with this index, or NULL past the end. */
const struct key_format *key_format_row(size_t i);

/* key_format_named: the row by name that can do all of what; case does not
 * matter. NULL when there is none. */
const struct key_format *key_format_named(const char *name, unsigned what);

/* key_format_claiming: the row that reads a text with this first line; a line
 * that no armour claims and that is no key line gives NULL. */
const struct key_format *key_format_claiming(struct slice line);

/* key_format_default: the private format that every documented ascp reads for
 * a key of this type, sealed with a passphrase or not. */
const struct key_format *key_format_default(const struct key_type *t, int sealed);

/* key_format_public: appends the text of a public key in format f, its comment
 * escaped (escape.h). Returns 0, or with nothing appended KEY_E_FORMAT, KEY_E_MEMORY, or
 * KEY_E_TOO_BIG for what could not be read again. */
int key_format_public(const struct key_format *f, const struct key_view *view, struct slice comment,
    struct buffer *text);

/* key_format_line: appends the line that belongs in the key's .pub. Returns 0 or an error. */
int key_format_line(const struct key *k, struct buffer *line);

/* key_format_open, key_format_decode: f's open, and that of e's decode, where a shortage
 * of memory is KEY_E_MEMORY and no verdict about the text. open sets e->format. */
int key_format_open(const struct key_format *f, struct slice text, struct envelope *e);
int key_format_decode(const struct envelope *e, struct slice plain, struct key_parts *parts);

/* envelope_view: e->view is that of e->pub afterwards, where it was not. Returns 0, or
 * KEY_E_MALFORMED. */
int envelope_view(struct envelope *e);

/* envelope_clear: makes it empty, and keeps its memory for the next. envelope_free:
 * gives that back. */
void envelope_clear(struct envelope *e);
void envelope_free(struct envelope *e);

#endif
