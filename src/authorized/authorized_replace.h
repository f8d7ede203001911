/*
 * authorized_replace: the lines of a key that another key replaces get an expiry-time.
 */
#ifndef AUTHORIZED_REPLACE_H
#define AUTHORIZED_REPLACE_H

#include "authorized/authorized_edit.h"

struct authorized_replace {
	struct buffer was, now; /* the lines of the old key, before and after */
	struct buffer options;  /* of these lines, without expiry-time */
	struct buffer fault;    /* after an error: the line that is the reason, or empty */
	int lasts;              /* 1: one of the lines has not expired */
	int differ;             /* 1: they have different options; fault is the second such line */
};

void authorized_replace_init(struct authorized_replace *r);
void authorized_replace_free(struct authorized_replace *r);

/* authorized_replace_expire: puts e->expiry on all lines in text whose key has e->fingerprint, in
 * place of a later expiry-time; an earlier one stays. Sets *r, made by authorized_replace_init.
 * Returns 0; 1 if no line was changed; ERROR_SAME_KEY if e->blob is that key; ERROR_UNCERTAIN,
 * ERROR_UNKNOWN_OPTIONS, ERROR_AUTHORITY or ERROR_PRINCIPALS if a line is odd or has such options; or
 * another error. */
int authorized_replace_expire(const struct authorized_edit *e, struct buffer *text,
    struct authorized_replace *r);

/* authorized_replace_confirm: asks ssh-keygen(1) whether it finds the key e->blob in text. Returns 0,
 * ERROR_UNFOUND, or an error of authorized_openssh_find. */
int authorized_replace_confirm(const struct authorized_edit *e, struct slice text);

#endif
