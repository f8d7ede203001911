/*
 * mail_box: the messages in a file, in mbox format (RFC 4155) or a single message, or in a Maildir.
 */
#ifndef MAIL_BOX_H
#define MAIL_BOX_H

#include "base/slice.h"

struct mail_box {
	/* Called for each message. error: 0, or ERROR_TOO_BIG or ERROR_MEMORY for a message that
	 * could not be held. */
	void (*message)(void *to, struct slice message, int error);
	/* Called for a file or directory that cannot be read; errno says why. */
	void (*failed)(void *to, const char *path);
	void *to;
	size_t most;            /* bytes of a message */
};

/* mail_box_read: reads the file name, "-" for standard input. If its first line begins with
 * "From ", it is an mbox, and each such line begins a message: writers of mboxo and mboxrd quote the
 * others. If name is a directory, reads the regular files of its directories new and cur, in the
 * order of their names; a hidden file is skipped, a symbolic link is not followed. */
void mail_box_read(const struct mail_box *box, const char *name);

#endif
