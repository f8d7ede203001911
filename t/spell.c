/*
 * spell: key lines, each written anew in a way that a reader of authorized_keys may or may
 * not take.
 *
 *	spell SEED [SHARE]
 *
 * reads lines "type base64" and writes a line for each: the key's own blob with names, numbers and
 * lengths changed, its base64 with white space and other padding, and options, blanks, NULs, comments
 * and other keys around it. SHARE of 100 lines are changed in what sshd is known to pass over alone;
 * the others in anything. The same seed and input give the same lines.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#define MAX 65536

struct bytes {
	unsigned char p[MAX];
	size_t n;
};

static uint64_t state;

/* splitmix64; below N. */
static size_t
pick(size_t n)
{
	uint64_t z = (state += 0x9e3779b97f4a7c15u);

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return (size_t)((z ^ z >> 31) % n);
}

static int
one_in(size_t n)
{
	return pick(n) == 0;
}

static void
put(struct bytes *b, const void *p, size_t n)
{
	if (n > sizeof b->p - b->n)
		n = sizeof b->p - b->n;
	memcpy(b->p + b->n, p, n);
	b->n += n;
}

static void
put_text(struct bytes *b, const char *s)
{
	put(b, s, strlen(s));
}

static void
put_string(struct bytes *b, const void *p, size_t n, size_t said)
{
	const unsigned char length[4] = { (unsigned char)(said >> 24), (unsigned char)(said >> 16),
	    (unsigned char)(said >> 8), (unsigned char)said };

	put(b, length, sizeof length);
	put(b, p, n);
}

static const struct {
	const char *type, *shape, *other[4];
} kinds[] = {
	{ "ssh-rsa", "nn", { "RSA", "rsa-sha2-256", "rsa-sha2-512", "Rsa" } },
	{ "ssh-dss", "nnnn", { "DSA", "dsa", "Dsa", "dSA" } },
	{ "ssh-ed25519", "s", { "ED25519", "ed25519", "Ed25519", "eD25519" } },
	{ "ecdsa-sha2-nistp256", "cs", { "ECDSA", "ecdsa", "ecdsa-sha2-nistp384", "ECDSA-SHA2-NISTP256" } },
	{ "ecdsa-sha2-nistp384", "cs", { "ECDSA", "ecdsa", "ecdsa-sha2-nistp256", "ecdsa-sha2" } },
	{ "ecdsa-sha2-nistp521", "cs", { "ECDSA", "ecdsa", "ecdsa-sha2-nistp256", "ssh-rsa" } },
	{ "sk-ssh-ed25519@openssh.com", "sa", { "ED25519-SK", "ed25519-sk", "sk-ssh-ed25519", "ED25519" } },
	{ "sk-ecdsa-sha2-nistp256@openssh.com", "csa", { "ECDSA-SK", "ecdsa-sk",
	    "webauthn-sk-ecdsa-sha2-nistp256@openssh.com", "sk-ecdsa" } },
};

/* A field as it was, or not. mild: only what sshd passes over. */
static void
spell_field(struct bytes *out, char letter, const unsigned char *p, size_t n, int mild)
{
	static const unsigned char nuls[3000];
	unsigned char field[MAX];
	size_t zeros = 0, said;

	if (letter == 'n' && one_in(3))
		zeros = one_in(20) ? pick(sizeof nuls) : pick(4);
	if (n > sizeof field - zeros - 2)
		n = sizeof field - zeros - 2;
	memset(field, 0, zeros);
	memcpy(field + zeros, p, n);
	n += zeros;
	if ((letter == 'c' || letter == 'a') && one_in(3))
		field[n++] = '\0';
	said = n;
	if (!mild && one_in(12))
		switch (pick(8)) {
		case 0: said++; break;
		case 1: said--; break;
		case 2: said = 0xffffffff; break;
		case 3: said = n = 0; break;
		case 4: field[n++] = '\0'; said = n; break;
		case 5: field[pick(n + 1)] = '\0'; break;
		case 6: field[0] = (unsigned char)pick(256); break;
		default: field[n - (n > 0)] ^= (unsigned char)(1 << pick(8)); break;
		}
	put_string(out, field, n, said);
}

static void
spell_blob(struct bytes *out, const unsigned char *blob, size_t size, int mild)
{
	size_t i, kind = 0, at = 0, n;
	char name[80] = "";

	out->n = 0;
	for (i = 0; at + 4 <= size; i++, at += 4 + n) {
		n = (size_t)blob[at] << 24 | (size_t)blob[at + 1] << 16 | (size_t)blob[at + 2] << 8 | blob[at + 3];
		if (n > size - at - 4)
			break;
		if (i > 0) {
			spell_field(out, strlen(kinds[kind].shape) < i ? 's' : kinds[kind].shape[i - 1],
			    blob + at + 4, n, mild);
			continue;
		}
		for (kind = 0; kind < sizeof kinds / sizeof kinds[0] - 1; kind++)
			if (strlen(kinds[kind].type) == n && memcmp(kinds[kind].type, blob + 4, n) == 0)
				break;
		memcpy(name, blob + 4, n < 64 ? n : 64);
		if (one_in(3))
			(void)snprintf(name, sizeof name, "%s", kinds[kind].other[pick(mild ? 2 : 4)]);
		put_string(out, name, strlen(name) + (size_t)(one_in(3) ? 1 + (!mild && one_in(4)) : 0),
		    strlen(name) + (size_t)one_in(!mild && one_in(9) ? 2 : 1000000));
		/* the length that was said must fit what is there */
		n = out->n - 4;
		if (mild || !one_in(20))
			out->p[3] = (unsigned char)n;
		n = strlen(kinds[kind].type);
	}
	if (!mild && one_in(30))
		put(out, "\0\0\0\0" + pick(4), 1 + pick(1));
	if (!mild && one_in(30) && out->n > 0)
		out->n -= 1 + pick(out->n < 9 ? out->n : 9);
}

static void
spell_base64(struct bytes *line, const struct bytes *blob, int mild)
{
	static const char spaces[] = "\v\f\r", wild[] = "\v\f\r\v\f\r \t=-_A\n";
	static char text[MAX * 2];
	size_t i, n, run, often = one_in(3) ? 60 : 0;

	n = (size_t)EVP_EncodeBlock((unsigned char *)text, blob->p, (int)blob->n);
	if (!mild && one_in(20))
		n -= n > 0;
	for (i = 0; i < n; i++) {
		if (often > 0 && one_in(often))
			for (run = one_in(50) ? pick(20000) : 1; run > 0; run--)
				put(line, mild ? &spaces[pick(3)] : &wild[pick(one_in(9) ? 12 : 6)], 1);
		put(line, text + i, 1);
	}
	if (one_in(12))
		put_text(line, "\f");
	if (!mild && one_in(20))
		put_text(line, "=");
}

static const char *const options[] = {
	"no-pty ", "restrict,pty\t", "command=\"echo \\\"x y\\\" #\" ", "from=\"10.9.9.9\",no-pty, ",
	"principals=\"x\" ", "environment=\"A=b c\" ", "expiry-time=\"20200101\" ", "No-Pty  ", "permitopen=\"bad\" ",
	"command=\"ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQ\" ", "no-such-option ", "cert-authority ", "1024 ", "x\"y\" ",
	"a=\"b ", "\"\" ", "\\\" ", ",", "\t \t", "host,1.2.3.4 ", "@cert-authority * ", "ssh-ed25519 ", "ssh-rsa AAAA ", "-",
};

static void
spell_line(const char *type, const struct bytes *blob, int mild)
{
	static struct bytes line;
	size_t i, kind;

	line.n = 0;
	if (!mild && one_in(40))
		put_text(&line, one_in(2) ? "\xef\xbb\xbf" : "#");
	for (i = one_in(4) ? pick(4) : 0; i > 0; i--)
		put_text(&line, one_in(2) ? " " : "\t");
	if (one_in(3))
		put_text(&line, options[pick(mild ? 3 : sizeof options / sizeof options[0])]);
	for (kind = 0; kind < sizeof kinds / sizeof kinds[0] - 1; kind++)
		if (strcmp(kinds[kind].type, type) == 0)
			break;
	if (one_in(6) && kinds[kind].type[4] == 'r')
		type = kinds[kind].other[1 + pick(2)];
	if (!mild && one_in(12))
		type = kinds[kind].other[pick(4)];
	put_text(&line, type);
	put_text(&line, one_in(4) ? " \t " : " ");
	spell_base64(&line, blob, mild);
	for (i = pick(3); i > 0; i--)
		put_text(&line, one_in(6) ? " -----BEGIN OPENSSH PRIVATE KEY-----" :
		    one_in(4) ? " ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" : " comment\"");
	if (one_in(6))
		put(&line, " \0 x", 4);
	if (!mild && one_in(20) && line.n > 0)
		line.p[pick(line.n)] = (unsigned char)"\0\t ,\"\\\r"[pick(7)];
	put_text(&line, one_in(6) ? "\r\n" : "\n");
	if (fwrite(line.p, 1, line.n, stdout) != line.n)
		exit(2);
}

int
main(int argc, char **argv)
{
	static char line[MAX];
	static struct bytes blob, spelled;
	const size_t share = argc > 2 ? strtoul(argv[2], NULL, 10) : 50;
	char *space, *end;
	int n, mild;

	if (argc < 2)
		return 2;
	state = strtoul(argv[1], NULL, 10) * 7919;
	while (fgets(line, sizeof line, stdin) != NULL) {
		if ((space = strchr(line, ' ')) == NULL)
			continue;
		*space++ = '\0';
		end = space + strcspn(space, " \n");
		*end = '\0';
		n = EVP_DecodeBlock(blob.p, (unsigned char *)space, (int)strlen(space));
		if (n <= 0)
			return 2;
		blob.n = (size_t)n - (end[-1] == '=') - (end[-2] == '=');
		mild = pick(100) < share;
		spell_blob(&spelled, blob.p, blob.n, mild);
		spell_line(line, &spelled, mild);
	}
	return fflush(stdout) == 0 ? 0 : 2;
}
