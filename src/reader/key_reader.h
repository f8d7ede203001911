/*
 * key_reader: takes a stream apart into single key files, one line or one PEM block each, whatever
 * their number, and parses them; nothing is decrypted.
 *
 * Strict: a line is blank, a comment, or begins a key. CRLF, a UTF-8 byte order mark and a missing
 * last newline are harmless; certificates, and the PARAMETERS and the Bag and Key Attributes that
 * openssl puts before a key, are passed over. An input that is one object in DER is read as the PEM
 * of the same bytes. Text around one private key in PEM, PKCS8 or OPENSSH format is passed over, as
 * ssh does (but before OPENSSH: only libssh2), if the input has at most 1 MiB and no other key.
 * Identity: strict, and public keys around the one private key are passed over too.
 * Lenient: the whole input is first mended (lenient.h).
 * Lenient identity: lenient, and public keys beside the one private key are passed over.
 * Received: strict, but the whole input is read first, and none of it is given if the lenient
 * reader finds a private key in it, or the beginning of one is anywhere.
 * Mailed: received, but read as lenient; a key that is spelled oddly (key_blob.h) is not mended.
 */
#ifndef KEY_READER_H
#define KEY_READER_H

#include "format/format.h"
#include "reader/key_feed.h"
#include "reader/lenient.h"

#define KEY_READER_PASSED ((size_t)256 << 20)   /* bytes of a line that is passed over */

enum key_reading { KEY_LENIENT_IDENTITY = -2, KEY_IDENTITY, KEY_STRICT, KEY_LENIENT, KEY_RECEIVED,
    KEY_MAILED };

/* The state of one reading. The caller sets names if it wants them; all else is the reader's. */
struct key_reader {
	struct key_feed feed;
	int reading;            /* enum key_reading; KEY_LENIENT: the feed has been mended */
	int identity;           /* of a private key: see KEY_IDENTITY */
	int started;
	int dead;               /* after what ends the reading */
	int attributes;         /* in those of openssl pkcs12 */
	int passing;            /* behind the first line of a damaged text */
	int bad;                /* lines refused and not reported yet: why; which they are */
	unsigned long bad_first, bad_last;
	int around;             /* text around one private key is passed over: 1, -1; 0: not asked yet */
	size_t keys;            /* given to the caller so far */
	const struct format *given;     /* of the last one */
	int tried;              /* the lenient reader has been asked about the rest */
	unsigned long last;     /* of lines refused together, else where the text begins */
	unsigned deviations;    /* of all that it reads: KEY_DEVIATION_BOM, _DER or _MENDED */
	struct lenient_repairs repairs;
	struct buffer *names;   /* KEY_MAILED: gets what key_received_check finds in the input */
};

/* key_reader_init: reads from fd, which stays the caller's. reading is an enum key_reading. */
void key_reader_init(struct key_reader *r, int fd, int reading);

/* key_reader_of: reads a slice, which has been mended if reading is KEY_LENIENT. Nothing has to be
 * freed. */
struct key_reader key_reader_of(struct slice text, int reading);

/* key_reader_next: 1 and the next key, 0 at the end, or an error. f is empty before the first; what
 * it holds stays until the next call. An error is about f->line to r->last; if f->format is not
 * NULL, about the one key there, which format_parse refuses; of a spelling (key_blob.h) f is whole.
 * After ERROR_SYSTEM, ERROR_MEMORY, ERROR_UTF16, and ERROR_TOO_BIG of the whole input or of a line
 * of more than KEY_READER_PASSED bytes, it gives 0. After any other error the next call goes on
 * behind lines that are too long (ERROR_LONG_LINE); all lines up to the next key (ERROR_NOT_KEY;
 * ERROR_UNTIDY where any is); or a damaged text (ERROR_UNENDED, ERROR_UNBEGUN, ERROR_UNTIDY,
 * ERROR_TOO_BIG, or what parsing says of a block with key lines inside), up to the next key.
 * KEY_RECEIVED, KEY_MAILED: ERROR_NOT_PUBLIC, before any key, where there is a private key. */
int key_reader_next(struct key_reader *r, struct key_file *f);

/* key_reader_free: wipes what was read; the descriptor stays open. */
void key_reader_free(struct key_reader *r);

#endif
