/*
 * html_text: the text of a page in HTML, for the lenient reader.
 *
 * Tags are left out; those that begin a line or a cell become a line end. Comments and what is in
 * script, style, head and title are left out. References to characters that occur in keys and mail
 * addresses are decoded; others stay as they are. Pure; linear in time.
 */
#ifndef HTML_TEXT_H
#define HTML_TEXT_H

#include "base/buffer.h"

/* html_text_put: appends the text of html, in UTF-8 or ASCII. Returns 0 or an error. */
int html_text_put(struct buffer *out, struct slice html);

#endif
