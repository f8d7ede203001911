/* shell_quote: words for command lines that people paste. */
#ifndef SHELL_QUOTE_H
#define SHELL_QUOTE_H

#include "buffer.h"

/* shell_quote_put: appends word as sh(1) reads it back (XCU 2.2.2): within single
 * quotes where it holds anything but letters, digits and "/._-+,:@%". A name
 * that could be taken for an option gets "./" in front: words are paths.
 * Returns 0, or -1 when out is full. */
int shell_quote_put(struct buffer *out, const char *word);

#endif
