/*
 * growth: tests whether the readers of keys take time in proportion to the input, on inputs that repeat
 * something. Prints for each shape and reader the least CPU time of at most RUNS runs, in microseconds,
 * for n and for 2n bytes, and their quotient. Status 1 if a quotient is above MOST.
 */
#undef NDEBUG
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static ssize_t give(int, void *, size_t);

/* key_feed with another read(2), as in t/fuzz/reader.c. */
#define read give
#include "reader/key_feed.c"
#undef read
#include "base/error.h"
#include "reader/key_reader.h"
#include "reader/key_received.h"

#define RUNS 5
#define MOST 2.6
#define N ((size_t)1 << 18)     /* bytes; 2n bytes are half of the longest file */
#define SHORT 2000              /* microseconds for 2n bytes; below this the quotient is only noise */
#define LONG 2000000            /* microseconds; after this there is no second run */
#define PIECE 2048              /* the most bytes in a piece of a random shape */

/* "once" and "end" occur once. Between them "again" is repeated until half of the bytes are there, then
 * "then" until all are there; if there is no "then", "again" is repeated to the end. \1 stands for a NUL. */
struct shape {
	const char *name, *once, *again, *then, *end;
	int utf16;
};

#define ED25519 "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"
#define BODY "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gt\n"
#define BEGIN "-----BEGIN OPENSSH PRIVATE KEY-----"
#define END "-----END OPENSSH PRIVATE KEY-----"
#define PPK "PuTTY-User-Key-File-2: ssh-rsa\n"
#define BEGIN2 "---- BEGIN SSH2 PUBLIC KEY ----\n"
#define END2 "---- END SSH2 PUBLIC KEY ----\n"

#define ONLY(name, again) { name, "", again, NULL, "", 0 }
#define BOTH(name, again, then) { name, "", again, then, "", 0 }

static const struct shape shapes[] = {
	BOTH("marks and blanks", "-END X-", " "),
	BOTH("known marks and blanks", "x -END RSA PRIVATE KEY-", " "),
	ONLY("marks in one line", "-END X-"),
	ONLY("marks with other dashes", "\xe2\x80\x94" "END X\xe2\x80\x94"),
	ONLY("marks that end nowhere", "-BEGIN RSA PRIVATE KEY- "),
	ONLY("marks cut off", "-END ABC "),
	ONLY("labels without an end", "BEGIN END "),
	BOTH("empty lines and keys spoken of", "\n",
	    "x -BEGIN RSA PRIVATE KEY- -END RSA PRIVATE KEY-"),
	BOTH("lines and keys spoken of", "text\n",
	    "x -BEGIN RSA PRIVATE KEY- -END RSA PRIVATE KEY-\n"),
	ONLY("words apart by tabs", "x-\t"),
	BOTH("words and blanks", "x- ", " "),
	ONLY("names of types", "ssh-rsa "),
	ONLY("names that are assigned to", "a-b=:=:"),
	ONLY("blank lines", " \t \n"),
	{ "blanks", "", " ", NULL, "x", 0 },
	{ "quoting", "", "> > ", NULL, "x", 0 },
	ONLY("quoted lines", "> x-y\n"),
	{ "quotation marks", "", "\"'`,;", NULL, "-", 0 },
	BOTH("options with quotes", "a=\"- ", "\\\" "),
	{ "backslashes", "-", "\\", "\\n", "", 0 },
	ONLY("keys", ED25519 " me\n"),
	ONLY("keys with options", "from=\"a b\",no-pty " ED25519 " me\n"),
	ONLY("keys with a long comment", ED25519 " \303\251 \x1b[0m me and so on and on and on\n"),
	{ "a key in pieces", "",
	    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEB\nQYHC AkKC\n"
	    "wwNDg8QERITFBUWFxgZ\nGhscHR4f\n",
	    NULL, "", 0 },
	{ "a key in letters", "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAD/\n", "A\n", NULL, "", 0 },
	BOTH("keys without an end", "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAD/\n", "AAAA "),
	BOTH("keys without a blob", "ssh-rsa\n", "\n"),
	ONLY("a type and blank lines", "x ssh-rsa\n\n\n\n\n"),
	ONLY("comments", "# -BEGIN X-\n"),
	{ "a long body", BEGIN "\n", BODY, NULL, END "\n", 0 },
	{ "a long body in one line", BEGIN, "b3BlbnNzaC1rZXk ", NULL, END, 0 },
	{ "a body of single characters", BEGIN "\n", "A\n", NULL, END "\n", 0 },
	ONLY("bodies", BEGIN "\n" BODY END "\n"),
	ONLY("bodies in one line", BEGIN " " BODY " " END " "),
	{ "headers", "-----BEGIN RSA PRIVATE KEY-----\n",
	    "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n", BODY,
	    "-----END RSA PRIVATE KEY-----\n", 0 },
	{ "headers in one line", "-----BEGIN RSA PRIVATE KEY-----", "Proc-Type: 4,ENCRYPTED", NULL,
	    "", 0 },
	ONLY("parameters", "-----BEGIN EC PARAMETERS-----\nBg==\n-----END EC PARAMETERS-----\n"),
	{ "attributes", "Bag Attributes\n", "    x: y\n", NULL, "", 0 },
	{ "headers of RFC 4716", BEGIN2, "Comment: x\\\ny\n", NULL, END2, 0 },
	{ "RFC 4716 in one line", "---- BEGIN SSH2 PUBLIC KEY ---- ", "x: y \\n", "AAAA ",
	    "---- END SSH2 PUBLIC KEY ----", 0 },
	ONLY("keys of PuTTY in one line", "PuTTY-User-Key-File-2: ssh-rsa Private-MAC: 0 "),
	{ "headers of PuTTY", PPK, "x: y\n", NULL, "Private-MAC: 00\n", 0 },
	{ "lines of PuTTY", PPK "Private-Lines: 9\n", "AAAA AAAA\n", NULL, "Private-MAC: 00\n", 0 },
	ONLY("keys of PuTTY",
	    PPK "Comment: x  \nPrivate-MAC: 0123456789012345678901234567890123456789\n"),
	{ "a code in pieces", PPK "Private-MAC: ", "0=\n", "\n", "", 0 },
	{ "quoted-printable", "=3D", "=3D=\n", "=20", "", 0 },
	{ "spaces that are none", "", "\302\240\342\200\213", NULL, "-", 0 },
	BOTH("CR", "\r", "x\r"),
	ONLY("NUL", "-\1END X-"),
	{ "UTF-16 marks and blanks", "", "-END X-", " ", "", 1 },
	{ "words that begin a key", ED25519 " ", "AAAAC3NzaC1lZDI1NTE4AAAA ", NULL, "", 0 },
	ONLY("words of base64", "MIIEvQIEADANBgkqhkiG9w0BAQEF "),
	{ "fingerprints", ED25519 "\n",
	    "SHA256:SHA256:AAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKKK ", NULL, "", 0 },
	{ "accounts", ED25519 "\n", "individual user, for ASPERA access:\n\njane\n", NULL, "", 0 },
	{ "accounts that do not come", ED25519 "\n",
	    "individual user, for individual user, for ASPERA ", NULL, "", 0 },
	{ "typographic quotes", "", "\342\200\234&\302\253", NULL, ED25519, 0 },
	ONLY("tags", "<p>ssh-ed25519 "),
	ONLY("keys in quotes in one line", "\"" ED25519 " me\","),
	ONLY("keys in tags in one line", "<p>" ED25519 " E</p>"),
	{ "lines of base64", ED25519 "\n", "AAAAC3NzaC1lZDI1NTE5AAAAIAAB\n", "AAAA\nAAAAAA\n", "",
	    0 },
	{ "DER", "0\x83\x07\xff\xf0", "\x02\x01\x01", NULL, "", 0 },
};

/* The pieces of a random shape, besides the pieces of the other shapes. */
static const char *const words[] = {
	"-", "--", "-----", "\xe2\x80\x94", " ", "  ", "\t", "\n", "\r", "\r\n", "\\n", "\\", "\"",
	"'", "`", "=", ":", ",", ";", ">", "| ", "#", "x", "text ", "BEGIN ", "END ", "BEGIN X",
	"RSA PRIVATE KEY", BEGIN, END, "P2/56", "AAAA", "A", "==", ED25519, BODY, PPK, "Comment: ",
	"=3D", "=\n", "\1", "\357\273\277", "&nbsp;", "0123456789012345678901234567890123456789",
	"Bag Attributes", "    ",
};

static struct slice input;      /* the bytes not yet read */
static int bad;

static ssize_t
give(int fd, void *to, size_t n)
{
	(void)fd;
	n = n < input.n ? n : input.n;
	if (n > 0)
		memcpy(to, input.p, n);
	input = slice_skip(input, n);
	return (ssize_t)n;
}

static void
fill_with(struct buffer *b, const char *again, size_t n)
{
	while (again[0] != '\0' && b->n + strlen(again) <= n)
		buffer_puts(b, again);
}

static void
make(const struct shape *s, size_t n, struct buffer *b)
{
	struct buffer wide = BUFFER_INIT(4 * BUFFER_MAX);
	size_t i;

	n /= s->utf16 ? 2 : 1;
	buffer_truncate(b, 0);
	buffer_puts(b, s->once);
	fill_with(b, s->again, s->then != NULL ? n / 2 : n - strlen(s->end));
	if (s->then != NULL)
		fill_with(b, s->then, n - strlen(s->end));
	buffer_puts(b, s->end);
	for (i = 0; i < b->n; i++)
		b->p[i] = b->p[i] == '\1' ? '\0' : b->p[i];
	for (i = 0; s->utf16 && i < b->n; i++) {
		buffer_put(&wide, b->p + i, 1);
		buffer_put(&wide, "", 1);
	}
	if (s->utf16)
		buffer_move(b, &wide);
	assert(!b->failed);
	buffer_free(&wide);
}

/* Microseconds to read all keys and, as pubfmt does, to write the public halves. */
static double
read_all(struct slice all, int reading)
{
	const clock_t start = clock();
	struct key_file f = KEY_FILE_EMPTY;
	struct buffer out = BUFFER_EMPTY, names = BUFFER_INIT(4 * BUFFER_MAX);
	struct key_reader r;
	int e;

	input = all;
	key_reader_init(&r, 0, reading);
	r.names = &names;
	while ((e = key_reader_next(&r, &f)) > 0 || (e < 0 && f.format != NULL)) {
		if (reading == KEY_MAILED)
			(void)key_received_has_key(f.text);
		if (e <= 0 || f.encrypted.n > 0)
			continue;
		(void)format_public(format_named("OPENSSH", FORMAT_PUBLIC), &f, &out);
		(void)format_public(format_named("RFC4716", FORMAT_PUBLIC), &f, &out);
		buffer_truncate(&out, 0);
	}
	buffer_free(&names);
	key_reader_free(&r);
	format_free(&f);
	buffer_free(&out);
	return (double)(clock() - start) * 1e6 / CLOCKS_PER_SEC;
}

static const char *const readings[] = { "strict", "lenient", "received", "mailed" };

/* Measures n and 2n bytes; returns 1 if the time grows too much. */
static int
grows(const struct shape *s, size_t n, int reading)
{
	struct buffer text[2] = { BUFFER_EMPTY, BUFFER_EMPTY };
	double least[2] = { LONG, LONG }, took = 0;
	int i, k, more = 1;

	make(s, n, &text[0]);
	make(s, 2 * n, &text[1]);
	for (i = 0; i < RUNS && more && took < LONG; i++) {
		for (k = 0; k < 2 && took < LONG; k++) {
			took = read_all(buffer_slice(&text[k]), reading);
			least[k] = took < least[k] ? took : least[k];
		}
		more = least[1] > SHORT && least[1] > MOST * least[0];
	}
	printf("%s, %s: %.0f %.0f %.2f\n", s->name, readings[reading], least[0], least[1],
	    least[1] / least[0]);
	buffer_free(&text[0]);
	buffer_free(&text[1]);
	return took >= LONG || more;
}

static void
measure(const struct shape *s)
{
	static const int all[] = { KEY_LENIENT, KEY_STRICT, KEY_MAILED };
	size_t i, n;

	for (i = 0; i < 3; i++) {
		/* mail is read three times */
		n = all[i] == KEY_MAILED ? N / 3 : N;
		/* a cost that begins at some length, and then grows in proportion, raises the quotient once */
		if (!grows(s, n, all[i]) || !grows(s, 2 * n, all[i]))
			continue;
		printf("not linear: %s\n", s->name);
		bad = 1;
	}
}

static const char *
random_piece(char piece[PIECE], long most)
{
	const char *word;

	piece[0] = '\0';
	for (most = random() % most; most >= 0; most--) {
		word = random() % 2 ? words[(size_t)random() % (sizeof words / sizeof words[0])] :
		    shapes[(size_t)random() % (sizeof shapes / sizeof shapes[0])].again;
		if (strlen(piece) + strlen(word) < PIECE)
			strcat(piece, word);
	}
	return piece;
}

static void
measure_random(unsigned seed)
{
	char name[32], once[PIECE], again[PIECE], then[PIECE], end[PIECE];
	struct shape s = { .name = name };

	srandom(seed);
	(void)snprintf(name, sizeof name, "random %u", seed);
	s.once = random() % 2 ? random_piece(once, 4) : "";
	s.again = random_piece(again, 4);
	s.then = random() % 2 ? random_piece(then, 3) : NULL;
	s.end = random() % 2 ? random_piece(end, 3) : "";
	s.utf16 = random() % 16 == 0;
	measure(&s);
}

int
main(void)
{
	size_t i;

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (i = 0; i < sizeof shapes / sizeof shapes[0]; i++)
		measure(&shapes[i]);
	for (i = 1; i <= 20; i++)
		measure_random((unsigned)i);
	return bad;
}
