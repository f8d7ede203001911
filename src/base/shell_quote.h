/* shell_quote: words for command lines that people paste. */
#ifndef SHELL_QUOTE_H
#define SHELL_QUOTE_H

#include "base/buffer.h"

/* shell_quote_word: appends word as sh(1) reads it back (XCU 2.2.2): within
 * single quotes where it holds anything but letters, digits and "/._-+,:@%".
 * Returns 0, or -1 when out is full. */
int shell_quote_word(struct buffer *out, const char *word);

/* shell_quote_put: the same for a path, with "./" in front of what could be
 * taken for an option. */
int shell_quote_put(struct buffer *out, const char *word);

#endif
