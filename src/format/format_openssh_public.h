/*
 * format_openssh_public: the key line of sshd(8), AUTHORIZED_KEYS FILE FORMAT,
 * and of .pub files: [options] type base64 [comment].
 */
#ifndef FORMAT_OPENSSH_PUBLIC_H
#define FORMAT_OPENSSH_PUBLIC_H

#include "format/format.h"

/* format_openssh_public_split: the parts of a key line; options and comment are
 * empty where there are none. 1, or 0 when it is no key line. */
int format_openssh_public_split(struct slice text, struct key_line *line);

#endif
