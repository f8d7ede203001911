#include "reader/lenient.h"
#include "format/format.h"
#include "key/protection.h"

#define LABEL 64        /* bytes in a label, at most */
#define DASHES 5
#define SHORTEST 40     /* characters of base64 in a key, at least */

struct boundary {
	int end;                /* 1: END; 0: BEGIN */
	int ssh2;               /* 1: of RFC 4716 or ssh.com; 0: of PEM */
	size_t from, to;        /* offsets in the line */
	struct slice label;     /* such as "RSA PRIVATE KEY" */
};

/* The part of a block, after its BEGIN, that was put out. */
struct body {
	int headers, folded;    /* it has headers; the last header continues */
	size_t n;               /* characters of base64 */
};

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

static int
in_label(unsigned char c)
{
	return c == ' ' || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Fills in m for a BEGIN or END of n bytes at i. 0 if it is no boundary. */
static int
boundary_at(struct slice line, size_t i, size_t n, struct boundary *m)
{
	size_t to = i + n, label, k;

	while (to < line.n && to - i < LABEL && in_label(line.p[to]))
		to++;
	label = m->to = to;
	for (k = 0; k < DASHES; k++)
		m->to += dash(line, m->to);
	m->label = slice_trim(slice_of(line.p + i + n, label - i - n));
	m->ssh2 = slice_starts(m->label, "SSH2 ");
	if (m->ssh2 && i > 0 && line.p[i - 1] == ' ')
		i--;
	m->from = i - dashes_before(line, i);
	return m->to > label && m->from < i;
}

/* Finds the first boundary in line. */
static int
find(struct slice line, struct boundary *m)
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
lenient_pem_has_boundary(struct slice line)
{
	struct boundary m;

	return find(line, &m);
}

/* Appends the boundary as its format has it, without a line end. */
static void
put(struct buffer *out, const struct boundary *m, int end)
{
	buffer_puts(out, m->ssh2 ? "---- " : "-----");
	buffer_puts(out, end ? "END " : "BEGIN ");
	buffer_put_slice(out, m->label);
	buffer_puts(out, m->ssh2 ? " ----" : "-----");
}

static void
put_boundary(struct lenient *l, const struct boundary *m)
{
	struct slice as_it_was = slice_of(l->line.p + m->from, m->to - m->from);
	size_t from = l->out.n;

	put(&l->out, m, m->end);
	if (!l->out.failed && !slice_eq(as_it_was, slice_skip(buffer_slice(&l->out), from)))
		l->what |= LENIENT_DASHES;
	lenient_end(l);
}

/* 1 if the strict reader reads a text with this BEGIN as a key, or skips it. */
static int
is_known(const struct boundary *m)
{
	unsigned char room[256];        /* a label has 64 at most */
	struct buffer line = BUFFER_IN(room);

	put(&line, m, 0);
	return format_recognizing(buffer_slice(&line)) != NULL || slice_ends(m->label, " PARAMETERS");
}

/* The length of a blank at i, or of a line end as environment variables and JSON write it, or 0. */
static size_t
blank(struct slice s, size_t i)
{
	if (s.p[i] == ' ' || s.p[i] == '\t')
		return 1;
	return s.p[i] == '\\' && i + 1 < s.n && (s.p[i + 1] == 'n' || s.p[i + 1] == 'r') ? 2 : 0;
}

static struct slice
skip_blanks(struct slice s)
{
	while (s.n > 0 && blank(s, 0) > 0)
		s = slice_skip(s, blank(s, 0));
	return s;
}

static struct slice
take_field(struct slice *in)
{
	struct slice w = *in = skip_blanks(*in);

	for (w.n = 0; w.n < in->n && blank(*in, w.n) == 0; w.n++)
		continue;
	*in = slice_skip(*in, w.n);
	return w;
}

static struct slice
trim(struct slice s)
{
	s = slice_trim(skip_blanks(s));
	while (s.n > 1 && blank(s, s.n - 2) == 2)
		s.n -= 2;
	return s;
}

/* The values of OpenSSL's two headers have a known length; others end with the line. */
static struct slice
take_value(struct slice name, struct slice *in)
{
	struct slice all = *in, w = take_field(in);
	size_t n = slice_find(w, ",");
	const struct cipher *c;

	if (slice_is(name, "Proc-Type:"))
		n = strlen("4,ENCRYPTED");
	else if (slice_is(name, "DEK-Info:") && (c = protection_cipher(slice_of(w.p, n))) != NULL)
		n += 1 + 2 * c->iv;
	else {
		*in = slice_skip(all, all.n);
		return slice_trim(all);
	}
	n = n < w.n ? n : w.n;
	*in = slice_skip(all, (size_t)(w.p - all.p) + n);
	return slice_of(w.p, n);
}

/* Puts out headers (RFC 1421 section 4.6), an empty line, and base64, each word in its own line. */
static void
put_pem(struct lenient *l, struct body *b, struct slice part)
{
	struct slice w;

	while ((w = take_field(&part)).n > 0) {
		if (b->n == 0 && w.p[w.n - 1] == ':') {
			buffer_put_slice(&l->out, w);
			buffer_puts(&l->out, " ");
			lenient_give(l, take_value(w, &part));
			b->headers = 1;
			continue;
		}
		if (b->n == 0 && b->headers)
			lenient_end(l);
		lenient_give(l, w);
		b->n += w.n;
	}
}

/* RFC 4716 section 3.3: a header is one line, and goes on in the next line if a backslash ends it.
 * The argument key is NULL, except for a block in one line: then it is the base64 that begins every
 * such key, and the headers end before it. */
static void
put_ssh2(struct lenient *l, struct body *b, struct slice part, const char *key)
{
	struct slice header, w;

	if (key != NULL)
		part = trim(part);
	if (b->n == 0 && (b->folded || slice_find(part, ":") < part.n)) {
		header = slice_of(part.p, key != NULL ? slice_find(part, key) : part.n);
		part = slice_skip(part, header.n);
		b->folded = key == NULL && header.n > 0 && header.p[header.n - 1] == '\\';
		lenient_give(l, key != NULL ? trim(header) : header);
	}
	while ((w = take_field(&part)).n > 0) {
		lenient_give(l, w);
		b->n += w.n;
	}
}

/* Puts out a block from BEGIN to END. Returns 1, or 0 if a text only mentions a key. */
static int
put_block(struct lenient *l, const struct boundary *begin)
{
	int behind = slice_trim(slice_of(l->line.p, begin->from)).n > 0, found = 0, one_line;
	struct boundary m = *begin;
	unsigned long first = l->taken;
	struct body b = { 0 };
	struct slice part;

	put_boundary(l, begin);
	l->what |= l->marks & ~(unsigned)LENIENT_EMPTY;
	l->line = slice_skip(l->line, begin->to);
	while (!found && lenient_more(l)) {
		found = find(l->line, &m);
		part = slice_trim(slice_of(l->line.p, found ? m.from : l->line.n));
		/* Empty lines are a fault in headers, but not in base64. */
		if (!begin->ssh2 && slice_find(part, ":") == part.n)
			l->marks &= ~(unsigned)LENIENT_EMPTY;
		l->what |= l->marks;
		one_line = part.n > 0 && (found || l->taken == first);
		if (one_line)
			l->what |= LENIENT_ONE_LINE;
		if (begin->ssh2)
			put_ssh2(l, &b, part, !one_line ? NULL :
			    slice_is(begin->label, "SSH2 PUBLIC KEY") ? "AAAA" : "P2/56");
		else
			put_pem(l, &b, part);
		if (found && m.end)
			put_boundary(l, &m);
		l->line = slice_skip(l->line, !found ? l->line.n : m.end ? m.to : m.from);
	}
	if (found && m.end)
		return b.n >= SHORTEST || !(behind || l->taken == first);
	return !(found && behind);
}

int
lenient_pem_take(struct lenient *l)
{
	struct lenient before;
	struct boundary m;

	if (!find(l->line, &m))
		return 0;
	/* An END without its BEGIN, alone in its line, is put out: the strict reader will refuse
	 * it, so that no other key is used in place of the damaged key. */
	if (m.end && is_known(&m) && slice_trim(slice_of(l->line.p, m.from)).n == 0 && m.to == l->line.n) {
		lenient_begin(l);
		put_boundary(l, &m);
		l->line.n = 0;
		return 1;
	}
	lenient_rejoin_front(l, m.from);
	lenient_begin(l);     /* before the copy: only the block is removed below */
	before = *l;
	if (m.end || !is_known(&m)) {
		l->what |= LENIENT_TEXT;
		l->line = slice_skip(l->line, m.to);
	} else if (!put_block(l, &m)) {
		buffer_truncate(&l->out, before.out.n);
		l->given = before.given;
		l->what = before.what | LENIENT_TEXT;
	}
	return 1;
}
