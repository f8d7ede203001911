/*
 * mail_parts: the parts of a mail message (RFC 5322, MIME) that may hold a key, by GMime. The only
 * file that calls GMime; a build without GMime reads no mail.
 *
 * GMime's objects are not freed: the process that has read a message must end (cmd/mail-parts.c).
 */
#ifndef MAIL_PARTS_H
#define MAIL_PARTS_H

#include "base/buffer.h"

#define MAIL_PARTS_MESSAGE ((size_t)16 << 20)   /* most bytes of a message */
#define MAIL_PARTS_TEXT BUFFER_MAX              /* most bytes of all its text, and of all its HTML */
#define MAIL_PARTS_MOST 64U                     /* most parts of a message */
#define MAIL_PARTS_DEEP 16U                     /* most parts inside each other */
#define MAIL_PARTS_RENEWAL "xferkey renewal 1\n"        /* the first line of a renewal */
#define MAIL_PARTS_PRIVATE "a private key"      /* the note if a part that is not read has one */

struct mail_parts {
	struct buffer from;     /* the address of the first sender, without a name; with a private key: empty */
	struct buffer date;     /* in UTC, YYYY-MM-DDTHH:MM:SSZ; empty if not known */
	struct buffer subject;  /* decoded to UTF-8, at most 998 bytes; with a private key: empty */
	struct buffer text;     /* all text that is not HTML, each part with an LF after it; and a sender,
	                         * subject or renewal with a private key */
	struct buffer html;     /* the text of all HTML (reader/html_text.h) */
	struct buffer renewal;  /* the renewal, byte for byte, but with LF as line ends */
	struct buffer binary;   /* other parts, each in base64 and with a blank after it */
	const char *note;       /* what was not read, or NULL */
	int refused;            /* 1: the message is beyond a limit: parts are missing */
	unsigned parts;
};

#define MAIL_PARTS_EMPTY { BUFFER_EMPTY, BUFFER_EMPTY, BUFFER_EMPTY, BUFFER_INIT(MAIL_PARTS_TEXT), \
    BUFFER_INIT(MAIL_PARTS_TEXT), BUFFER_INIT(MAIL_PARTS_TEXT), BUFFER_INIT(4 * MAIL_PARTS_TEXT), NULL, 0, 0 }

#define MAIL_PARTS_CHARSETS 14

/* mail_parts_begin: call it once, before mail_parts_read: loads GMime's tables and the usual
 * character sets, which a confined process could not load; kept gets their converters, which stay
 * open so that the C library does not unload them. Returns 0, ERROR_MEMORY, or ERROR_SYSTEM in a
 * build without GMime. */
int mail_parts_begin(void *kept[MAIL_PARTS_CHARSETS]);

/* mail_parts_read: reads one message of at most MAIL_PARTS_MESSAGE bytes into m. Text becomes UTF-8
 * if its character set is known, with LF as line ends. Left out are images, sound and video, and
 * signatures, unless they have a private key: then the message is refused. Returns 0, or ERROR_MEMORY. */
int mail_parts_read(struct slice message, struct mail_parts *m);

#endif
