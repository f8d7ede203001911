/*
 * key_list: the key texts of a feed in turn, one line or one PEM block each; none is decoded here
 * but plain key lines. What is no key is an error, behind which the list goes on.
 */
#ifndef KEY_LIST_H
#define KEY_LIST_H

#include "format/format.h"
#include "reader/key_feed.h"

#define KEY_LIST_PASSED ((size_t)256 << 20)     /* bytes of a line that is passed over */

/* How an input is read: see key_reader.h. */
enum key_reading { KEY_LENIENT_IDENTITY = -2, KEY_IDENTITY, KEY_STRICT, KEY_LENIENT, KEY_RECEIVED, KEY_MAILED };

/* What key_list_next found: the text of a key, which has not been parsed; or a whole record. */
enum key_list_found { KEY_LIST_TEXT = 1, KEY_LIST_KEY };

struct key_list {
	struct key_feed feed;
	int forgiving;          /* enum key_reading, but KEY_LENIENT_IDENTITY */
	int dead;               /* after what ends the reading */
	int attributes;         /* in those of openssl pkcs12 */
	int passing;            /* behind the first line of a damaged text */
	int bad;                /* lines refused and not said yet: why; which they are */
	unsigned long bad_first, bad_last;
	int around;             /* text around one private key is passed over: 1, -1; 0: not asked yet */
	int pem;                /* the last text was a private key in PEM */
	size_t keys;            /* texts so far */
	int tried;              /* what the lenient reader makes of the rest */
	unsigned long last;     /* of lines refused together, else where the text begins */
};

/* key_list_of: the list in a slice, which has been mended if forgiving is KEY_LENIENT. */
struct key_list key_list_of(struct slice text, int forgiving);

/* key_list_next: an enum key_list_found with f's format, text and line; 0 at the end; or an error
 * as key_reader_next has them, with f->format NULL. */
int key_list_next(struct key_list *l, struct key_file *f);

/* key_list_is_around: whether the input is one private key and text around it, which ssh passes
 * over: openssl's -text, Bag Attributes, a chain of certificates, in KEY_IDENTITY public keys too.
 * Anything else in it that could be a private key is a doubt. Reads all of a feed in which there
 * may be one. 1, 0 or an error. */
int key_list_is_around(struct key_list *l);

/* key_list_lenient: the line, counted from the first that is left, where the lenient reader finds
 * its first key; 0 for none. Reads on in a regular file only: a pipe may have no end for long. */
unsigned long key_list_lenient(struct key_list *l);

/* key_list_is_pem: 1 for a format of private keys between RFC 7468's boundaries. */
int key_list_is_pem(const struct format *f);

/* key_list_is_indented: what strict takes for options or for blanks before a key, and the lenient
 * reader for quoting. */
int key_list_is_indented(struct slice line);

#endif
