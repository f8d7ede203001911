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

/* pem_label: returns 1 and sets *label if line is a BEGIN line, else returns 0. */
int pem_label(struct slice line, struct slice *label);

/* pem_open: parses one text: sets *label and *headers (empty if there are none), and appends to
 * bytes what the base64 decodes to. Both labels must be the same, and no text may follow. 0 or
 * -1. */
int pem_open(struct slice text, struct slice *label, struct slice *headers, struct buffer *bytes);

/* pem_header: the value of the header line name, or an empty slice. */
struct slice pem_header(struct slice headers, const char *name);

/* pem_frame: appends bytes in PEM without headers, in lines of width characters. 0 or
 * out->failed. */
int pem_frame(struct buffer *out, const char *label, struct slice bytes, size_t width);

#endif
