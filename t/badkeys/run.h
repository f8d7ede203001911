/*
 * run: one filter over one input, and what must be true of it afterwards.
 */
#ifndef RUN_H
#define RUN_H

#include "slice.h"

enum filter { FILTER_FPR, FILTER_PUBFMT, FILTER_PRIVFMT, FILTER_LIST, FILTER_FIPS,
    FILTER_AUTHKEYS, FILTERS };

enum { STATUS_OF_SIGNAL = 128 };

struct run {
	enum filter filter;
	const char *programs;   /* folder of xferkey-fpr and the others */
	const char *pass;       /* what unlocks: -P's word */
	int many, some;         /* may say several lines, may write something too */
	/* Afterwards: */
	int status;
	char fact[200];         /* what was said of the input, of status 2 */
	char wrong[200];        /* what must not be, or empty */
	long kib;               /* most memory */
	double seconds;         /* of the processor */
};

/* run_name: as messages call the filter. */
const char *run_name(enum filter filter);

/* run_filter: gives text, as the file "key" of the working directory or as
 * standard input, to the filter. r->wrong says what breaks a rule that holds of
 * every input:
 *	status 2	one line, "xferkey-NAME: PLACE: FACT", FACT one of the
 *			library's or a policy's; no file; of what writes private
 *			keys nothing on standard output
 *	status 0	nothing said (but by fips-convert), a result, in lines that
 *			a terminal can show
 *	always		under a second of the processor's time, and 32 MiB
 * 0, or -1 where the process could not be started. */
int run_filter(struct run *r, struct slice text);

#endif
