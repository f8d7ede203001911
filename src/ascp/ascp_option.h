/*
 * ascp_option: the options of ascp, as IBM's "Ascp Command Reference" of the versions 3.5 to 4.4
 * has them, with those of its HTTP fallback and of older recipes (-Q, -r).
 */
#ifndef ASCP_OPTION_H
#define ASCP_OPTION_H

#include <stddef.h>

enum ascp_option_value {
	ASCP_OPTION_NONE,
	ASCP_OPTION_ATTACHED,   /* the rest of the word, which may be empty: -w */
	ASCP_OPTION_VALUE       /* the rest of the word, or the next one */
};

/* What ascp-args tells apart; the others are for ascp only. */
enum ascp_option_meaning {
	ASCP_OTHER, ASCP_UNKNOWN, ASCP_KEY, ASCP_PORT, ASCP_RATE, ASCP_RESUME, ASCP_LOG,
	ASCP_FILE_LIST, ASCP_FILE_PAIR_LIST, ASCP_MODE, ASCP_HOST, ASCP_USER, ASCP_MEANINGS
};

struct ascp_option {
	const char *name;       /* a letter, or a long name without its hyphens */
	enum ascp_option_value value;
	enum ascp_option_meaning meaning;
};

/* ascp_option_letter: the option -c. Never NULL: an unknown one is ASCP_UNKNOWN, without a name and
 * a value. */
const struct ascp_option *ascp_option_letter(char c);

/* ascp_option_long: the same for a long option by the n bytes at name: its name or, as
 * getopt_long(3) accepts it, the beginning of only one name. */
const struct ascp_option *ascp_option_long(const char *name, size_t n);

#endif
