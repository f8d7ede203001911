/*
 * ascp_arguments: what ascp's arguments mean (IBM's "Ascp Command Reference" of the versions 3.5 to
 * 4.4, with the options of its HTTP fallback and of older recipes, -Q and -r): options in letters,
 * with joined or separate values, and long ones; sources and a destination, of which one side has a
 * host; or --mode, --host and --user with paths. A place is [user@]host:path, the host of IPv6 in
 * brackets, without a slash before the colon; or a path or URI (stdio://, file://) here. Pure.
 */
#ifndef ASCP_ARGUMENTS_H
#define ASCP_ARGUMENTS_H

#include "base/buffer.h"

/* What ascp-args tells apart; the others are for ascp only. */
enum ascp_meaning {
	ASCP_OTHER, ASCP_UNKNOWN, ASCP_KEY, ASCP_PORT, ASCP_RATE, ASCP_RESUME, ASCP_LOG,
	ASCP_FILE_LIST, ASCP_FILE_PAIR_LIST, ASCP_MODE, ASCP_HOST, ASCP_USER, ASCP_MEANINGS
};

#define ASCP_ARGUMENTS_MAX ((size_t)16 << 20) /* bytes of a list, more than a system passes on */

struct ascp_arguments {
	const char *value[ASCP_MEANINGS];       /* the last one, or NULL */
	const char *mode;       /* "send", "recv", or "" if no side has a host */
	struct slice user, host, destination;   /* the host without brackets */
	struct buffer given;    /* names of options, a blank before and after each */
	/* words as sh reads them back: paths; each option of no meaning here with its value joined;
	 * those of them that no manual has */
	struct buffer sources, other, unknown;
	struct buffer wrong;    /* why not, with the word */
};

/* ascp_arguments_init: empty. */
void ascp_arguments_init(struct ascp_arguments *a);

/* ascp_arguments_read: reads the words, which end with NULL and are reordered: operands first.
 * Slices and values point into them. Returns 0; or -1 with a->wrong: a value is missing; a host is
 * none; a user, host or path begins with "-" or has a control character; sources are of two hosts
 * or users; both sides have a host; or --mode is unknown. Without memory failed is set: of wrong,
 * or of each list that lacks a word. */
int ascp_arguments_read(struct ascp_arguments *a, char **words);

/* ascp_arguments_kbits: -l or -m in Kbit a second, rounded up: a decimal number of them, or with K,
 * M or G, in any case. -1: a share of the server's rate (%), more than nine digits, or nothing that
 * IBM's manual has. */
long long ascp_arguments_kbits(const char *rate);

/* ascp_arguments_free: releases what it holds. */
void ascp_arguments_free(struct ascp_arguments *a);

#endif
