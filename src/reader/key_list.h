/*
 * key_list: the keys of a feed in turn, one line or one PEM block each, parsed. What is no key is an
 * error, behind which the list goes on.
 */
#ifndef KEY_LIST_H
#define KEY_LIST_H

#include "format/format.h"
#include "reader/key_feed.h"

#define KEY_LIST_PASSED ((size_t)256 << 20)     /* bytes of a line that is passed over */

/* How an input is read: see key_reader.h. */
enum key_reading { KEY_LENIENT_IDENTITY = -2, KEY_IDENTITY, KEY_STRICT, KEY_LENIENT, KEY_RECEIVED, KEY_MAILED };

struct key_list {
	struct key_feed feed;
	int reading;            /* enum key_reading, but KEY_LENIENT_IDENTITY */
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
};

/* key_list_of: the list in a slice, which has been mended if reading is KEY_LENIENT. */
struct key_list key_list_of(struct slice text, int reading);

/* key_list_next: 1 and the next key, 0 at the end, or an error, as key_reader_next has them. */
int key_list_next(struct key_list *l, struct key_file *f);

/* key_list_is_around: whether the input is one private key and text around it, which ssh passes
 * over: openssl's -text, Bag Attributes, a chain of certificates, in KEY_IDENTITY public keys too.
 * Anything else in it that could be a private key is a doubt. Reads all of a feed in which there
 * may be one. 1, 0 or an error. */
int key_list_is_around(struct key_list *l);

/* key_list_lenient: the line, counted from the first that is left, where the lenient reader finds
 * its first key; 0 for none. Reads on in a regular file only: a pipe may have no end for long. */
unsigned long key_list_lenient(struct key_list *l);

/* key_list_is_indented: what strict takes for options or for blanks before a key, and the lenient
 * reader for quoting. */
int key_list_is_indented(struct slice line);

#endif
