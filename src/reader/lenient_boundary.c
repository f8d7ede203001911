#include "reader/lenient_boundary.h"

#include <string.h>

#define LABEL 64        /* bytes in a label, at most */
#define DASHES 5

/* The length of a dash at i, or 0. */
static size_t
dash(struct slice s, size_t i)
{
	if (i < s.n && s.p[i] == '-')
		return 1;
	return i < s.n && s.n - i >= 3 && s.p[i] == 0xe2 && s.p[i + 1] == 0x80 &&
	    s.p[i + 2] >= 0x90 && s.p[i + 2] <= 0x95 ? 3 : 0;
}

static size_t
dashes_before(struct slice s, size_t i)
{
	size_t from = i, k;

	for (k = 0; k < DASHES; k++)
		if (from >= 1 && dash(s, from - 1) == 1)
			from -= 1;
		else if (from >= 3 && dash(s, from - 3) == 3)
			from -= 3;
	return i - from;
}

static size_t
dashes_after(struct slice s, size_t i)
{
	size_t to = i, k;

	for (k = 0; k < DASHES; k++)
		to += dash(s, to);
	return to - i;
}

static int
in_label(unsigned char c)
{
	return c == ' ' || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* The boundary whose word, BEGIN or END, is at i and n bytes long. */
static int
boundary_at(struct slice line, size_t i, size_t n, struct lenient_boundary *m)
{
	size_t to = i + n, dashes;

	while (to < line.n && to - i < LABEL && in_label(line.p[to]))
		to++;
	dashes = dashes_after(line, to);
	m->label = slice_trim(slice_of(line.p + i + n, to - i - n));
	m->to = to + dashes;
	if (lenient_boundary_is_ssh2(m) && i > 0 && line.p[i - 1] == ' ')
		i--;
	m->from = i - dashes_before(line, i);
	return dashes > 0 && m->from < i;
}

int
lenient_boundary_find(struct slice line, struct lenient_boundary *m)
{
	const unsigned char *e;
	size_t i;

	for (i = 0; i < line.n && (e = memchr(line.p + i, 'E', line.n - i)) != NULL; i++) {
		i = (size_t)(e - line.p);
		m->end = line.n - i > 3 && e[1] == 'N';
		if (m->end ? memcmp(e, "END ", 4) == 0 && boundary_at(line, i, 3, m) :
		    i > 0 && line.n - i > 4 && memcmp(e - 1, "BEGIN ", 6) == 0 &&
		    boundary_at(line, i - 1, 5, m))
			return 1;
	}
	return 0;
}

int
lenient_boundary_put(struct buffer *out, const struct lenient_boundary *m)
{
	int ssh2 = lenient_boundary_is_ssh2(m);

	buffer_puts(out, ssh2 ? "---- " : "-----");
	buffer_puts(out, m->end ? "END " : "BEGIN ");
	buffer_put_slice(out, m->label);
	return buffer_puts(out, ssh2 ? " ----" : "-----");
}

int
lenient_boundary_is_ssh2(const struct lenient_boundary *m)
{
	return slice_starts(m->label, "SSH2 ");
}
