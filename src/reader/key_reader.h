/*
 * key_reader: splits a stream into key files, each of one line or one block such as PEM, and parses
 * them; it decrypts nothing. A stream may have any number of keys.
 *
 * Strict: a line is blank, a comment, or begins a key. CRLF, a UTF-8 byte order mark and a missing
 * last newline are accepted; certificates, and the PARAMETERS and the Bag and Key Attributes that
 * openssl puts before a key, are skipped. An input that is one object in DER is read as its PEM. If
 * the input has at most 1 MiB and only one key, which is private, in PEM, PKCS8 or OPENSSH format,
 * text around the key is skipped, as ssh does; text before an OPENSSH key, as libssh2 does.
 * Identity: strict, but public keys around the only private key are skipped too.
 * Lenient: the whole input is first mended (lenient.h).
 * Lenient identity: lenient, but public keys beside the only private key are skipped.
 * Received: strict, but the whole input is read first. If the lenient reader finds a private key in
 * it, or if a private key begins anywhere in it (key_received.h), no key is returned.
 * Mailed: received, but lenient; a key with a spelling error (key_blob.h) is refused, not mended.
 */
#ifndef KEY_READER_H
#define KEY_READER_H

#include "format/format.h"
#include "reader/key_feed.h"
#include "reader/lenient.h"

#define KEY_READER_PASSED ((size_t)256 << 20)   /* most bytes of a line that is skipped */

enum key_reading { KEY_LENIENT_IDENTITY = -2, KEY_IDENTITY, KEY_STRICT, KEY_LENIENT, KEY_RECEIVED,
    KEY_MAILED };

/* The state of one reading. The caller may set the member names; the reader sets the others. */
struct key_reader {
	struct key_feed feed;
	int reading;            /* enum key_reading; KEY_LENIENT: the text in feed is mended */
	int identity;           /* 1: skip public keys beside the private key */
	int started;
	int dead;               /* 1: an error has ended the reading */
	int attributes;         /* 1: in the attributes that openssl pkcs12 writes */
	int passing;            /* 1: after the first line of a damaged text */
	int bad;                /* error of the refused lines that are not yet reported; 0: none */
	unsigned long bad_first, bad_last;      /* these lines */
	int around;             /* skip text around one private key: 1 yes, -1 no, 0 not known yet */
	size_t keys;            /* number of keys returned so far */
	const struct format *given;     /* the format of the last of them */
	int tried;              /* 1: the lenient reader has tried the rest of the input */
	unsigned long last;     /* last of the lines that an error is about (key_reader_next) */
	int attachment;         /* 1: the input has a part in base64, which is not read; strict: 0 */
	unsigned deviations;    /* of every key: KEY_DEVIATION_BOM, _DER or _MENDED */
	struct lenient_repairs repairs;
	struct buffer *names;   /* KEY_MAILED: key_received_check appends to it */
};

/* key_reader_init: reads from fd, which the caller closes. reading is an enum key_reading. */
void key_reader_init(struct key_reader *r, int fd, int reading);

/* key_reader_of: reads a slice, mended if reading is KEY_LENIENT. Nothing has to be freed. */
struct key_reader key_reader_of(struct slice text, int reading);

/* key_reader_next: returns 1 and the next key in f, 0 at the end, or an error. Before the first
 * call f must be empty; the contents of f are valid until the next call. An error is about lines
 * f->line to r->last. If f->format is then not NULL, these lines are one key, which format_parse
 * refuses; after a spelling error (key_blob.h) f is complete.
 * After ERROR_SYSTEM, ERROR_MEMORY and ERROR_UTF16, and after ERROR_TOO_BIG for the whole input or
 * for a line of more than KEY_READER_PASSED bytes, each further call returns 0. After any other
 * error the next call continues behind the refused text:
 *	ERROR_LONG_LINE: lines that are too long
 *	ERROR_NOT_KEY: all lines up to the next key; ERROR_UNTIDY if KEY_LENIENT reads one of them
 *	ERROR_UNENDED, ERROR_UNBEGUN, ERROR_UNTIDY, ERROR_TOO_BIG: a damaged text, up to the next key
 *	an error of the parser, for a block with key lines inside: this text, too, up to the next key
 * KEY_RECEIVED, KEY_MAILED: returns ERROR_NOT_PUBLIC before any key if there is a private key. */
int key_reader_next(struct key_reader *r, struct key_file *f);

/* key_reader_free: wipes the bytes read; the descriptor stays open. */
void key_reader_free(struct key_reader *r);

#endif
