#include "spoil.h"

#include <stdio.h>
#include <string.h>

#define LINES_MAX 64

/* A file as lines with their ends. */
struct lines {
	struct slice line[LINES_MAX];
	size_t n, body, end;    /* the first line of base64, the END line */
};

static void
split(const struct seed *s, struct lines *l)
{
	struct slice rest = s->text;
	const unsigned char *start;

	l->n = l->body = 0;
	while (rest.n > 0 && l->n < LINES_MAX) {
		start = rest.p;
		if (start == s->head.p + s->head.n)
			l->body = l->n;
		(void)slice_line(&rest);
		l->line[l->n++] = slice_of(start, (size_t)(rest.p - start));
	}
	l->end = l->n - 1;
}

static void
put_range(struct buffer *to, const struct lines *l, size_t from, size_t before)
{
	for (; from < before; from++)
		buffer_put_slice(to, l->line[from]);
}

/* A line less or more is seen on opening; but what is encrypted as a whole has
 * whole blocks in every line of base64. */
static enum depth
depth_of_line(const struct seed *s, const struct lines *l, size_t i)
{
	return s->e.prot.kdf == KDF_DEK && i >= l->body && i < l->end ? DEPTH_CHECK : DEPTH_OPEN;
}

static void
spoil_lines(const struct spoiler *s, const struct lines *l)
{
	struct buffer text = BUFFER_EMPTY;
	enum depth depth;
	char place[32];
	size_t i;

	for (i = 0; i < l->n; i++) {
		(void)snprintf(place, sizeof place, "line %zu", i + 1);
		depth = depth_of_line(s->seed, l, i);
		buffer_truncate(&text, 0);
		put_range(&text, l, 0, i + 1);
		if (i + 1 < l->n)
			spoil_hand(s, place, "the last", DEPTH_OPEN, WITH_PASS, buffer_slice(&text));
		put_range(&text, l, i, l->n);
		spoil_hand(s, place, "twice", slice_find(l->line[i], "=") < l->line[i].n ?
		    DEPTH_OPEN : depth, WITH_PASS, buffer_slice(&text));
		buffer_truncate(&text, 0);
		put_range(&text, l, 0, i);
		put_range(&text, l, i + 1, l->n);
		spoil_hand(s, place, "left out", depth, WITH_PASS, buffer_slice(&text));
	}
	buffer_free(&text);
}

/*
 * Texts put together of the seed's parts. kinds: t PEM of before PKCS#8, d that
 * with DEK-Info, p other PEM, r RFC 4716 and ssh.com's like it, k PuTTY's, l a
 * key line. In a text
 *	%A  all of it                  %B  the BEGIN line      %E  the END line
 *	%H  the lines between BEGIN    %P  the Proc-Type line  %D  the DEK-Info line
 *	    and base64                 %S  the base64          %s  without its last line's end
 *	%N  a key line's type          %M  another type        %0  a NUL
 *	%T  all with CR for LF
 *	%b, %e  BEGIN, END of another label    %k  BEGIN with a label in lower case
 *	%d  BEGIN with dashes left out
 */
static const struct {
	const char *kinds, *what, *text;
	enum depth depth;
} texts[] = {
	{ "ptdr", "BEGIN alone", "%B", DEPTH_OPEN },
	{ "ptdr", "BEGIN twice", "%B%A", DEPTH_OPEN },
	{ "ptdr", "END alone", "%E", DEPTH_OPEN },
	{ "ptdr", "END first", "%E%B", DEPTH_OPEN },
	{ "ptdr", "END twice", "%A%E", DEPTH_OPEN },
	{ "ptdr", "END before BEGIN", "%E%S%B", DEPTH_OPEN },
	{ "ptdr", "no base64", "%B%H%E", DEPTH_OPEN },
	{ "ptdr", "armour in armour", "%B%A%E", DEPTH_OPEN },
	{ "ptdr", "armour in base64", "%B%H%S%A%S%E", DEPTH_OPEN },
	{ "ptdr", "base64 twice", "%B%H%S%S%E", DEPTH_OPEN },
	{ "ptdr", "END in a line of base64", "%B%H%s%E", DEPTH_OPEN },
	{ "ptdr", "END of another label", "%B%H%S%e", DEPTH_OPEN },
	{ "ptdr", "BEGIN of another label", "%b%H%S%E", DEPTH_OPEN },
	{ "ptdr", "an unknown label", "%b%H%S%e", DEPTH_OPEN },
	{ "ptdr", "a label in lower case", "%k%H%S%E", DEPTH_OPEN },
	{ "ptdr", "dashes left out", "%d%H%S%E", DEPTH_OPEN },
	{ "ptdr", "indented BEGIN", " %A", DEPTH_OPEN },
	{ "ptdr", "header behind the base64", "%B%H%SComment: x\n%E", DEPTH_OPEN },
	{ "ptdr", "old Macintosh's line ends", "%T", DEPTH_OPEN },
	{ "ptd", "an unknown header", "%BX-Header: x\n\n%S%E", DEPTH_OPEN },
	{ "ptd", "a header without an empty line", "%BX-Header: x\n%S%E", DEPTH_OPEN },
	{ "pt", "Proc-Type alone", "%BProc-Type: 4,ENCRYPTED\n\n%S%E", DEPTH_OPEN },
	{ "p", "DEK-Info where nothing is encrypted",
	    "%BProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,"
	    "00112233445566778899AABBCCDDEEFF\n\n%S%E", DEPTH_OPEN },
	{ "ptdrkl", "nothing", "", DEPTH_OPEN },
	{ "ptdrkl", "NULs alone", "%0%0%0%0", DEPTH_OPEN },
	{ "ptdrkl", "text before it", "junk\n%A", DEPTH_OPEN },
	{ "ptdrkl", "text behind it", "%Ajunk\n", DEPTH_OPEN },
	{ "ptdrkl", "NULs behind it", "%A%0%0%0", DEPTH_OPEN },
	{ "ptdrkl", "a NUL before it", "%0%A", DEPTH_OPEN },
	{ "ptdrkl", "a form feed before it", "\f%A", DEPTH_OPEN },
	{ "k", "its first line twice", "%B%A", DEPTH_OPEN },
	{ "k", "its last line alone", "%E", DEPTH_OPEN },
	{ "k", "its last line first", "%E%A", DEPTH_OPEN },
	{ "d", "headers out of order", "%B%D%P\n%S%E", DEPTH_OPEN },
	{ "d", "no Proc-Type", "%B%D\n%S%E", DEPTH_OPEN },
	{ "d", "no DEK-Info", "%B%P\n%S%E", DEPTH_OPEN },
	{ "d", "no headers", "%B%S%E", DEPTH_OPEN },
	{ "d", "Proc-Type twice", "%B%P%P%D\n%S%E", DEPTH_OPEN },
	{ "d", "DEK-Info twice", "%B%P%D%D\n%S%E", DEPTH_OPEN },
	{ "d", "no empty line", "%B%P%D%S%E", DEPTH_OPEN },
	{ "d", "a third header", "%B%P%DX-Header: x\n\n%S%E", DEPTH_OPEN },
	{ "d", "not encrypted, it says", "%BProc-Type: 4,MIC-ONLY\n%D\n%S%E", DEPTH_OPEN },
	{ "d", "another Proc-Type", "%BProc-Type: 5,ENCRYPTED\n%D\n%S%E", DEPTH_OPEN },
	{ "d", "an unknown cipher", "%B%PDEK-Info: RC4,0011223344556677\n\n%S%E", DEPTH_OPEN },
	{ "d", "a cipher of another format",
	    "%B%PDEK-Info: aes256-ctr,00112233445566778899AABBCCDDEEFF\n\n%S%E", DEPTH_OPEN },
	{ "d", "no iv", "%B%PDEK-Info: AES-128-CBC\n\n%S%E", DEPTH_OPEN },
	{ "d", "an empty iv", "%B%PDEK-Info: AES-128-CBC,\n\n%S%E", DEPTH_OPEN },
	{ "d", "an iv of seven bytes", "%B%PDEK-Info: AES-128-CBC,00112233445566\n\n%S%E", DEPTH_OPEN },
	{ "d", "an iv of 17 bytes",
	    "%B%PDEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF00\n\n%S%E", DEPTH_OPEN },
	{ "d", "an iv that is not hex",
	    "%B%PDEK-Info: AES-128-CBC,0011223344556677889.AABBCCDDEEFF\n\n%S%E", DEPTH_OPEN },
	{ "d", "another iv",
	    "%B%PDEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF\n\n%S%E", DEPTH_CHECK },
	{ "r", "a header without a name", "%B: x\n%S%E", DEPTH_NONE },
	{ "r", "a header without a colon", "%BComment\n%S%E", DEPTH_OPEN },
	{ "r", "a header that does not end", "%BComment: x\\\n%S%E", DEPTH_OPEN },
	{ "r", "a header continued behind the end", "%BComment: x\\\n", DEPTH_OPEN },
	{ "r", "two comments", "%BComment: x\nComment: y\n%S%E", DEPTH_NONE },
	{ "r", "an unknown header", "%BX-Header: x\n%S%E", DEPTH_NONE },
	{ "r", "control characters in the comment", "%BComment: \33[2J\r%0\177\302\205\342\200\256x\n%S%E",
	    DEPTH_NONE },
	{ "l", "its type alone", "%N\n", DEPTH_OPEN },
	{ "l", "its base64 alone", "%S\n", DEPTH_OPEN },
	{ "l", "base64 before the type", "%S %N\n", DEPTH_OPEN },
	{ "l", "the type twice", "%N %N %S\n", DEPTH_OPEN },
	{ "l", "the type in capitals", "SSH-RSA %S\n", DEPTH_OPEN },
	{ "l", "another type", "%M %S\n", DEPTH_OPEN },
	{ "l", "an unknown type", "ssh-frobnicate %S\n", DEPTH_OPEN },
	{ "l", "no blank between", "%N%S\n", DEPTH_OPEN },
	{ "l", "a line end between", "%N\n%S\n", DEPTH_OPEN },
	{ "l", "base64 twice in one word", "%N %S%S\n", DEPTH_OPEN },
	{ "l", "base64 in two words", "%N AAAA %S\n", DEPTH_OPEN },
	{ "l", "options that do not end", "command=\"x %N %S\n", DEPTH_OPEN },
	{ "l", "options in two words", "no-pty no-pty %N %S\n", DEPTH_OPEN },
	{ "l", "a NUL in the options", "no-pty%0 %N %S\n", DEPTH_OPEN },
	{ "l", "a NUL between", "%N%0 %S\n", DEPTH_OPEN },
	{ "l", "a NUL in the base64", "%N %0%S\n", DEPTH_OPEN },
	{ "l", "control characters in the comment", "%N %S \33[2J\rx%0\177\302\205\342\200\256y\377\n",
	    DEPTH_NONE },
	{ "l", "a key in the comment", "%N %S %N %S\n", DEPTH_NONE },
};

static void
put_replaced(struct buffer *to, struct slice line, const char *old, const char *new)
{
	size_t at = slice_find(line, old);

	buffer_put(to, line.p, at);
	if (at < line.n) {
		buffer_puts(to, new);
		buffer_put_slice(to, slice_skip(line, at + strlen(old)));
	}
}

static void
put_with_cr(struct buffer *to, struct slice text)
{
	size_t i, from = to->n;

	buffer_put_slice(to, text);
	for (i = from; i < to->n; i++)
		if (to->p[i] == '\n')
			to->p[i] = '\r';
}

static void
put_base64(struct buffer *to, const struct seed *s, int end)
{
	struct slice base64 = slice_skip(s->text, s->head.n);

	base64.n = (size_t)(s->foot.p - base64.p);
	if (!end)
		base64 = slice_trim(base64);
	buffer_put_slice(to, base64);
}

static void
put_type(struct buffer *to, const struct seed *s, int other)
{
	const char *name = s->key.type->name;

	if (other)
		name = strcmp(name, "ssh-rsa") == 0 ? "ssh-dss" : "ssh-rsa";
	buffer_puts(to, name);
}

static void
put_part(struct buffer *to, char part, const struct seed *s, const struct lines *l)
{
	struct slice begin = l->line[0], end = l->line[l->end];

	switch (part) {
	case 'A':
		buffer_put_slice(to, s->text);
		break;
	case 'B':
		buffer_put_slice(to, begin);
		break;
	case 'E':
		buffer_put_slice(to, end);
		break;
	case 'H':
		put_range(to, l, 1, l->body);
		break;
	case 'P':
	case 'D':
		buffer_put_slice(to, l->line[part == 'P' ? 1 : 2]);
		break;
	case 'S':
	case 's':
		put_base64(to, s, part == 'S');
		break;
	case 'N':
	case 'M':
		put_type(to, s, part == 'M');
		break;
	case 'T':
		put_with_cr(to, s->text);
		break;
	case '0':
		buffer_put(to, "", 1);
		break;
	case 'b':
		put_replaced(to, begin, "BEGIN ", "BEGIN X");
		break;
	case 'e':
		put_replaced(to, end, "END ", "END X");
		break;
	case 'k':
		put_replaced(to, begin, " KEY", " key");
		break;
	case 'd':
		put_replaced(to, begin, " KEY --", " KEY -");
		put_replaced(to, begin, " KEY---", " KEY-");
		break;
	}
}

static char
kind_of(const struct seed *s)
{
	if (s->e.format->last == NULL)
		return 'l';
	if (s->e.format->mac != MAC_NONE)
		return 'k';
	if (slice_find(s->head, "DEK-Info") < s->head.n)
		return 'd';
	if (slice_starts(s->text, "---- "))
		return 'r';
	return s->private && strcmp(s->e.format->name, "PEM") == 0 ? 't' : 'p';
}

/* Text around the one private key in PEM is passed over. */
static int
is_around(const struct seed *s, const char *what)
{
	return s->private && slice_starts(s->text, "-----BEGIN ") &&
	    (strcmp(what, "text before it") == 0 || strcmp(what, "text behind it") == 0 ||
	    strcmp(what, "NULs behind it") == 0);
}

static void
spoil_parts(const struct spoiler *s, const struct lines *l)
{
	struct buffer text = BUFFER_EMPTY;
	const char *c;
	size_t i;

	for (i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		if (strchr(texts[i].kinds, kind_of(s->seed)) == NULL)
			continue;
		buffer_truncate(&text, 0);
		for (c = texts[i].text; *c != '\0'; c++)
			if (*c == '%')
				put_part(&text, *++c, s->seed, l);
			else
				buffer_put(&text, c, 1);
		spoil_hand(s, "text", texts[i].what, is_around(s->seed, texts[i].what) ? DEPTH_NONE :
		    texts[i].depth, WITH_PASS, buffer_slice(&text));
	}
	buffer_free(&text);
}

#define ZEROS16 "0000000000000000"

/* Lines of a PuTTY file with another value. */
static const struct {
	const char *name, *what, *value;
	enum depth depth;
} values[] = {
	{ "PuTTY-User-Key-File-", "version 1", "1: ssh-ed25519", DEPTH_OPEN },
	{ "PuTTY-User-Key-File-", "version 4", "4: ssh-ed25519", DEPTH_OPEN },
	{ "PuTTY-User-Key-File-", "no algorithm", "3: ", DEPTH_OPEN },
	{ "PuTTY-User-Key-File-", "another algorithm", "3: ssh-dss", DEPTH_OPEN },
	{ "PuTTY-User-Key-File-", "an unknown algorithm", "3: ssh-frobnicate", DEPTH_OPEN },
	{ "Encryption: ", "empty", "", DEPTH_OPEN },
	{ "Encryption: ", "unknown", "aes256-ctr", DEPTH_OPEN },
	{ "Comment: ", "another", "x", DEPTH_CHECK },
	{ "Comment: ", "control characters", "\33[2J\r\177\302\205\342\200\256x", DEPTH_CHECK },
	{ "Public-Lines: ", "0", "0", DEPTH_OPEN },
	{ "Public-Lines: ", "too few", "1", DEPTH_OPEN },
	{ "Public-Lines: ", "too many", "9", DEPTH_OPEN },
	{ "Public-Lines: ", "negative", "-2", DEPTH_OPEN },
	{ "Public-Lines: ", "10^9 - 1", "999999999", DEPTH_OPEN },
	{ "Public-Lines: ", "2^32 + 2", "4294967298", DEPTH_OPEN },
	{ "Public-Lines: ", "hexadecimal", "0x2", DEPTH_OPEN },
	{ "Private-Lines: ", "0", "0", DEPTH_OPEN },
	{ "Private-Lines: ", "too many", "99", DEPTH_OPEN },
	{ "Private-Lines: ", "negative", "-1", DEPTH_OPEN },
	{ "Private-Lines: ", "10^9 - 1", "999999999", DEPTH_OPEN },
	{ "Private-Lines: ", "2^32 + 1", "4294967297", DEPTH_OPEN },
	{ "Private-MAC: ", "empty", "", DEPTH_OPEN },
	{ "Private-MAC: ", "2 digits", "00", DEPTH_OPEN },
	{ "Private-MAC: ", "40 digits", ZEROS16 ZEROS16 "00000000", DEPTH_CHECK },
	{ "Private-MAC: ", "41 digits", ZEROS16 ZEROS16 "000000000", DEPTH_OPEN },
	{ "Private-MAC: ", "64 digits", ZEROS16 ZEROS16 ZEROS16 ZEROS16, DEPTH_CHECK },
	{ "Private-MAC: ", "66 digits", ZEROS16 ZEROS16 ZEROS16 ZEROS16 "00", DEPTH_OPEN },
	{ "Private-MAC: ", "not hexadecimal", ZEROS16 ZEROS16 ZEROS16 "000000000000000g", DEPTH_OPEN },
	{ "Key-Derivation: ", "empty", "", DEPTH_OPEN },
	{ "Key-Derivation: ", "unknown", "Argon2", DEPTH_OPEN },
	{ "Key-Derivation: ", "another", "Argon2i", DEPTH_CHECK },
	{ "Argon2-Memory: ", "0", "0", DEPTH_OPEN },
	{ "Argon2-Memory: ", "too little", "7", DEPTH_OPEN },
	{ "Argon2-Memory: ", "10^9 - 1", "999999999", DEPTH_OPEN },
	{ "Argon2-Memory: ", "2^32 + 8", "4294967304", DEPTH_OPEN },
	{ "Argon2-Passes: ", "0", "0", DEPTH_OPEN },
	{ "Argon2-Passes: ", "10^9 - 1", "999999999", DEPTH_OPEN },
	{ "Argon2-Parallelism: ", "0", "0", DEPTH_OPEN },
	{ "Argon2-Parallelism: ", "more than the memory is for", "2", DEPTH_OPEN },
	{ "Argon2-Parallelism: ", "10^9 - 1", "999999999", DEPTH_OPEN },
	{ "Argon2-Salt: ", "empty", "", DEPTH_OPEN },
	{ "Argon2-Salt: ", "half a byte", "0", DEPTH_OPEN },
	{ "Argon2-Salt: ", "not hexadecimal", "0011223344556677889g", DEPTH_OPEN },
	{ "Argon2-Salt: ", "another", "00112233445566778899aabbccddeeff", DEPTH_CHECK },
};

static void
spoil_values(const struct spoiler *s, const struct lines *l)
{
	struct buffer text = BUFFER_EMPTY;
	char what[96];
	size_t i, at;

	for (i = 0; i < sizeof values / sizeof values[0]; i++) {
		for (at = 0; at < l->n && !slice_starts(l->line[at], values[i].name); at++)
			continue;
		if (at == l->n)
			continue;
		buffer_truncate(&text, 0);
		put_range(&text, l, 0, at);
		buffer_puts(&text, values[i].name);
		buffer_puts(&text, values[i].value);
		buffer_puts(&text, "\n");
		put_range(&text, l, at + 1, l->n);
		(void)snprintf(what, sizeof what, "%s%s", values[i].name, values[i].what);
		spoil_hand(s, "text", what, values[i].depth, WITH_PASS, buffer_slice(&text));
	}
	buffer_free(&text);
}

static void
spoil_base64(const struct spoiler *s)
{
	static const struct {
		const char *what;
		unsigned char c;
	} signs[] = {
		{ "!", '!' }, { "-", '-' }, { "_", '_' }, { "=", '=' }, { "a NUL", 0 },
		{ "a byte above 127", 0xe9 }, { "\\", '\\' },
	};
	struct slice base64 = slice_skip(s->seed->text, s->seed->head.n);
	struct buffer text = BUFFER_EMPTY;
	size_t i, from = s->seed->head.n, last;

	base64.n = (size_t)(s->seed->foot.p - base64.p);
	last = from + slice_trim(base64).n - 1;
	for (i = 0; i < sizeof signs / sizeof signs[0]; i++) {
		buffer_truncate(&text, 0);
		buffer_put_slice(&text, s->seed->text);
		text.p[from + base64.n / 3] = signs[i].c;
		spoil_hand(s, "base64", signs[i].what, DEPTH_OPEN, WITH_PASS, buffer_slice(&text));
	}
	buffer_truncate(&text, 0);
	buffer_put(&text, s->seed->text.p, last);
	buffer_put_slice(&text, slice_skip(s->seed->text, last + 1));
	spoil_hand(s, "base64", "its last character left out", DEPTH_OPEN, WITH_PASS,
	    buffer_slice(&text));
	buffer_truncate(&text, last + 1);
	text.p[last] = s->seed->text.p[last];
	buffer_puts(&text, "=");
	buffer_put_slice(&text, slice_skip(s->seed->text, last + 1));
	spoil_hand(s, "base64", "one = more", DEPTH_OPEN, WITH_PASS, buffer_slice(&text));
	for (; last > from && s->seed->text.p[last] == '='; last--)
		continue;
	buffer_truncate(&text, 0);
	buffer_put_slice(&text, s->seed->text);
	text.p[last]++;
	if (s->seed->text.p[last + 1] == '=')
		spoil_hand(s, "base64", "unused bits", DEPTH_OPEN, WITH_PASS, buffer_slice(&text));
	buffer_free(&text);
}

void
spoil_text(const struct spoiler *s)
{
	struct lines l;

	split(s->seed, &l);
	if (s->seed->e.format->last != NULL)
		spoil_lines(s, &l);
	spoil_parts(s, &l);
	if (kind_of(s->seed) == 'k')
		spoil_values(s, &l);
	spoil_base64(s);
}
