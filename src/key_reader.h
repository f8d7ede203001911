/*
 * key_reader: takes a stream apart into single key texts, one line or one
 * armoured block each, whatever their number; none is decoded here.
 *
 * Strict: a line is blank, a comment, or begins a key. CRLF, a UTF-8 byte order
 * mark and a missing last newline are harmless; certificates, and the EC or DSA
 * PARAMETERS and the Bag and Key Attributes that openssl puts before a key, are passed
 * over. An input that is one object in DER is read as the PEM of the same bytes. Where
 * an input of at most 1 MiB holds one private key in PEM, PKCS8 or OPENSSH format and no
 * other key, text around it is passed over, as ssh does (but before OPENSSH: only libssh2).
 * Identity: strict, and what is passed over around the one private key may be public keys.
 * Forgiving: the whole input is first mended (key_forgive.h).
 * Forgiving identity: the same, and public keys beside the one private key are passed over.
 * Received: strict, but the whole input is read first, and none of it is given where the
 * forgiving reader finds a private key in it, or the beginning of one is anywhere.
 * Mailed: the same, but read as forgiving; a key that is spelled oddly (key_blob.h) is not mended.
 */
#ifndef KEY_READER_H
#define KEY_READER_H

#include "buffer.h"
#include "key_forgive.h"
#include "key_format.h"
#include "slice.h"

#define KEY_READER_BLOB 2400    /* RSA of 16384 bits */
#define KEY_READER_PASSED ((size_t)256 << 20)   /* bytes of a line that is passed over */

enum key_reading { KEY_FORGIVING_IDENTITY = -2, KEY_IDENTITY, KEY_STRICT, KEY_FORGIVING, KEY_RECEIVED, KEY_MAILED };

/* How the input was: as it is given, or behind a UTF-8 byte order mark, in DER, or mended. */
enum key_found { KEY_AS_IT_STANDS, KEY_BEHIND_MARK, KEY_IN_DER, KEY_MENDED };

struct key_reader {
	int fd;
	int forgiving;          /* enum key_reading, but KEY_FORGIVING_IDENTITY */
	int identity;           /* of a private key: see KEY_IDENTITY */
	int started, eof, dead;
	int attributes;         /* in those of openssl pkcs12 */
	int passing;            /* behind the first line of a damaged text */
	int bad;                /* lines refused and not said yet: why; which they are */
	unsigned long bad_first, bad_last;
	int around;             /* text around one private key is passed over: 1, -1; 0: not asked yet */
	int pem;                /* the last text was a private key in PEM */
	size_t keys;            /* texts so far */
	int tried;              /* what the lenient reader makes of the rest */
	size_t came;            /* bytes that have been read */
	size_t at;              /* how far buf has been used up */
	unsigned long line;     /* lines before at */
	struct key_forgiven forgave;
	struct buffer *names;   /* KEY_MAILED: gets what key_received_names makes of the input */
	struct buffer buf;
	unsigned char blob[KEY_READER_BLOB];
	enum key_found found;
};

struct key_text {
	struct slice text;      /* until the next call */
	const struct key_format *format;
	struct key_line fields; /* where format->last is NULL */
	struct key_view view;   /* of its blob, where that is known to be right already */
	unsigned long line;     /* where it begins, from 1 */
	unsigned long last;     /* of lines refused together, else as line */
	enum key_found found;
};

/* key_reader_init: reads from fd, which stays the caller's. forgiving is an enum key_reading. */
void key_reader_init(struct key_reader *r, int fd, int forgiving);

/* key_reader_next: 1 and the next text, 0 at the end, or an error, with text->line and
 * text->last set. After KEY_E_SYSTEM, KEY_E_MEMORY, KEY_E_UTF16, and KEY_E_TOO_BIG of the whole
 * input or of a line of more than KEY_READER_PASSED bytes, it gives 0. After any other error the
 * next call goes on behind what it is about: lines that are too long (KEY_E_LONG_LINE); all
 * lines up to the next text (KEY_E_NOT_KEY; KEY_E_UNTIDY where any is); or a damaged text
 * (KEY_E_UNENDED, KEY_E_UNBEGUN, KEY_E_UNTIDY, KEY_E_TOO_BIG, or what key_reader_open says of a
 * block with key lines inside), whose other lines are passed over up to the next text.
 * KEY_RECEIVED, KEY_MAILED: KEY_E_NOT_PUBLIC, before any text, where there is a private key. */
int key_reader_next(struct key_reader *r, struct key_text *text);

/* key_reader_open: clears e and opens the text into it, as its format does. */
int key_reader_open(const struct key_text *text, struct envelope *e);

void key_reader_free(struct key_reader *r);

#endif
