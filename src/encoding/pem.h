/*
 * pem: RFC 7468 and, with headers, RFC 1421:
 *
 *	-----BEGIN LABEL-----
 *	Name: value             (optional headers, then an empty line)
 *
 *	base64
 *	-----END LABEL-----
 */
#ifndef PEM_H
#define PEM_H

#include "base/buffer.h"

#define PEM_BEGIN "-----BEGIN "
#define PEM_END "-----END "
#define PEM_FIRST(label) PEM_BEGIN label "-----"

/* pem_label: 1 and the label when line is a BEGIN line, else 0. */
int pem_label(struct slice line, struct slice *label);

/* pem_open: parses one text: its label, its header lines (empty where there are none), and what the
 * base64 decodes to, appended to bytes. Both labels must be the same, and nothing follows. 0 or -1. */
int pem_open(struct slice text, struct slice *label, struct slice *headers, struct buffer *bytes);

/* pem_header: the value of one header line, or an empty slice. */
struct slice pem_header(struct slice headers, const char *name);

/* pem_frame: appends bytes in PEM without headers, in lines of width characters. 0, or why
 * out failed. */
int pem_frame(struct buffer *out, const char *label, struct slice bytes, size_t width);

#endif
