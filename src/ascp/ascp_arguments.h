/*
 * ascp_arguments: parses the arguments of ascp (IBM's "Ascp Command Reference" of the versions 3.5
 * to 4.4, with the options of its HTTP fallback, and -Q and -r of older recipes), without input or
 * output.
 *
 *	options     letters, with joined or separate values; long names
 *	operands    sources and a destination, of which one side has a host; or, with --mode, --host and
 *	            --user, paths
 *
 * A source or destination is [user@]host:path, with an IPv6 host in brackets and no slash before
 * the colon; or a local path or URI (stdio://, file://).
 */
#ifndef ASCP_ARGUMENTS_H
#define ASCP_ARGUMENTS_H

#include "base/buffer.h"

/* The options that ascp-args interprets. ASCP_OTHER: for ascp only; ASCP_UNKNOWN: in no manual. */
enum ascp_meaning {
	ASCP_OTHER, ASCP_UNKNOWN, ASCP_KEY, ASCP_PORT, ASCP_RATE, ASCP_RESUME, ASCP_LOG,
	ASCP_FILE_LIST, ASCP_FILE_PAIR_LIST, ASCP_MODE, ASCP_HOST, ASCP_USER, ASCP_MEANINGS
};

#define ASCP_ARGUMENTS_MAX ((size_t)16 << 20) /* bytes of a list: more than execve(2) accepts */

struct ascp_arguments {
	const char *value[ASCP_MEANINGS];       /* of the last such option, or NULL */
	const char *mode;       /* "send", "recv", or "" if no side has a host */
	struct slice user, host, destination;   /* the host without brackets */
	struct buffer given;    /* names of options, a blank before and after each */
	/* words quoted for sh; sources: paths; other: the options of ASCP_OTHER and ASCP_UNKNOWN, each
	 * joined with its value; unknown: the options of ASCP_UNKNOWN again */
	struct buffer sources, other, unknown;
	struct buffer wrong;    /* which word is wrong, and why */
};

/* ascp_arguments_init: makes all members empty. */
void ascp_arguments_init(struct ascp_arguments *a);

/* ascp_arguments_read: reads words, which end with NULL, and moves the operands to the front.
 * Slices and values point into words. Returns 0; or -1 with a->wrong if
 *	an option lacks its value, or --mode is neither send nor recv;
 *	the text in the place of the host is not a host name, or no user is before the @;
 *	a user, host or path begins with "-" or contains a control character;
 *	the sources are of different hosts or users, or both sides have a host.
 * If memory is short, ->failed is not 0 in each buffer that is incomplete. */
int ascp_arguments_read(struct ascp_arguments *a, char **words);

/* ascp_arguments_kbits: the value of -l or -m in Kbit per second, rounded up. rate is a decimal
 * number, with K, M or G in upper or lower case; no letter means K. -1 if rate is a share of the
 * server's rate (%), has more than nine digits, or is not written as in IBM's manual. */
long long ascp_arguments_kbits(const char *rate);

/* ascp_arguments_free: frees the lists. */
void ascp_arguments_free(struct ascp_arguments *a);

#endif
