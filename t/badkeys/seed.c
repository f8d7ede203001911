#include "seed.h"
#include "base64.h"
#include "cipher.h"
#include "der.h"
#include "format_openssh_public.h"
#include "key_crypto.h"
#include "key_seal.h"
#include "pem.h"

#include <stdio.h>
#include <string.h>

static int
read_file(const char *path, struct buffer *to)
{
	FILE *in = fopen(path, "rb");
	unsigned char chunk[4096];
	size_t n;

	if (in == NULL)
		return -1;
	while ((n = fread(chunk, 1, sizeof chunk, in)) > 0)
		buffer_put(to, chunk, n);
	fclose(in);
	return to->failed || to->n == 0 ? -1 : 0;
}

static int
is_ppk(const struct seed *s)
{
	return s->e.format->mac != MAC_NONE;
}

/* Headers have a colon, or follow a line that ends in a backslash. */
static int
is_header(struct slice line, int *more)
{
	int header = *more || line.n == 0 || slice_find(line, ":") < line.n;

	*more = line.n > 0 && line.p[line.n - 1] == '\\';
	return header;
}

/* Base64 ends where the END line begins; in a PuTTY file with the next name. */
static int
split_armour(struct seed *s)
{
	struct slice rest = s->text, line, body;
	int more = 0;

	s->head.p = s->text.p;
	line = slice_line(&rest);
	do {
		s->head.n = (size_t)(rest.p - s->head.p);
		line = slice_line(&rest);
	} while (is_header(line, &more));
	s->width = line.n;
	body = slice_skip(s->text, s->head.n);
	if (is_ppk(s)) {
		while (slice_find(line, ":") == line.n)
			line = slice_line(&rest);
		body.n = (size_t)(line.p - body.p);
	} else
		body.n = slice_find(body, "----");
	s->foot = slice_skip(s->text, s->head.n + body.n);
	return is_ppk(s) ? 0 : base64_get(&s->body, body);
}

static int
split_line(struct seed *s)
{
	struct key_line line;

	if (!format_openssh_public_split(s->text, &line))
		return -1;
	s->head = slice_of(s->text.p, (size_t)(line.base64.p - s->text.p));
	s->foot = slice_skip(s->text, s->head.n + line.base64.n);
	return base64_get(&s->body, line.base64);
}

/* The tree of what the base64 holds. */
static int
grow(struct seed *s)
{
	struct slice body = buffer_slice(&s->body);

	if (is_ppk(s))
		return tree_of_blob(&s->pub, s->e.pub);
	if (slice_starts(body, "openssh-key-v1"))
		return tree_of_openssh(&s->tree, body);
	if (slice_starts(body, "\x3f\x6f\xf9\xeb"))
		return tree_of_sshcom(&s->tree, body);
	if (!s->private && !slice_starts(s->text, PEM_BEGIN))
		return tree_of_blob(&s->tree, body);
	if (s->e.prot.kdf == KDF_DEK)
		return 0;
	return s->sealed ? tree_of_der_sealed(&s->tree, body) :
	    tree_of_der(&s->tree, body, strcmp(s->e.format->name, "PEM") != 0);
}

/* The private part, and its tree where it can be written. */
static int
unseal(struct seed *s, struct slice pass)
{
	struct slice plain;

	if (!s->private)
		return 0;
	if (key_seal_open(&s->e, s->sealed ? pass : slice_str(""), &s->plain) != 0)
		return -1;
	plain = buffer_slice(&s->plain);
	if (is_ppk(s))
		return tree_of_ppk(&s->inner, plain, s->e.pub);
	if (s->e.prot.kdf == KDF_PBKDF2)
		return tree_of_der(&s->inner, plain, 1);
	return s->e.prot.kdf == KDF_BCRYPT ? tree_of_openssh_sealed(&s->inner, plain) : 0;
}

const char *
seed_read(struct seed *s, const char *path, const char *name, struct slice pass)
{
	struct slice first;

	(void)snprintf(s->name, sizeof s->name, "%s", name);
	if (read_file(path, &s->file) != 0)
		return "cannot be read";
	first = s->text = buffer_slice(&s->file);
	first = slice_line(&first);
	if ((s->e.format = key_format_claiming(first)) == NULL ||
	    s->e.format->open(s->text, &s->e) != 0)
		return "no key file";
	s->private = (s->e.format->can & KEY_PRIVATE) != 0;
	s->sealed = s->e.prot.kdf != KDF_NONE;
	if ((s->e.format->last != NULL ? split_armour(s) : split_line(s)) != 0)
		return "its armour is not known here";
	if (unseal(s, pass) != 0 || grow(s) != 0)
		return "its structure is not known here";
	if (s->private ? s->e.format->decode(&s->e, buffer_slice(&s->plain), &s->key) != 0 ||
	    key_crypto_complete(&s->key) != 0 : key_set_public(&s->key, s->e.pub) != 0)
		return "no good key";
	return NULL;
}

int
seed_armour(const struct seed *s, struct slice body, struct buffer *text)
{
	buffer_put_slice(text, s->head);
	base64_put(text, body, s->width);
	buffer_put_slice(text, s->foot);
	return text->failed ? -1 : 0;
}

int
seed_seal(const struct seed *s, struct slice plain, struct slice pub, struct slice pass,
    struct buffer *text)
{
	struct buffer sealed = BUFFER_EMPTY, over = BUFFER_EMPTY;
	struct envelope e = s->e;
	int r;

	e.pub = pub;
	if (!s->sealed)
		pass = slice_str("");
	r = e.format->covers != NULL ? e.format->covers(&e, plain.n, &over) : 0;
	if (r == 0 && (r = cipher_encrypt(&e.prot, pass, buffer_slice(&over), plain, &sealed)) == 0) {
		e.sealed = buffer_slice(&sealed);
		r = e.format->frame(&e, text);
	}
	buffer_free(&sealed);
	buffer_free(&over);
	return r == 0 ? 0 : -1;
}

int
seed_is_twin(const struct seed *s)
{
	return strstr(s->name, "-twin") != NULL;
}
