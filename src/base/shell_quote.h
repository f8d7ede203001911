/* shell_quote: quotes words for command lines that people paste. */
#ifndef SHELL_QUOTE_H
#define SHELL_QUOTE_H

#include "base/buffer.h"

/* shell_quote_word: appends word as sh(1) reads it back (XCU 2.2.2): in single quotes if it is
 * empty or has a character other than letters, digits and "/._-+,:@%". Returns 0, or an error if
 * out is full. */
int shell_quote_word(struct buffer *out, struct slice word);

/* shell_quote_put: the same for a path, with "./" before it if it begins with "-". */
int shell_quote_put(struct buffer *out, const char *path);

#endif
