#include "key/key.h"
#include "base/error.h"
#include "base/secret.h"
#include "encoding/ssh_wire.h"
#include "key/key_blob.h"

int
key_set_public(struct key *k, struct slice bytes)
{
	struct key_blob blob;
	int r;

	if ((r = key_blob_parse(bytes, &blob)) != 0)
		return r;
	if (blob.type == NULL)
		return ERROR_TYPE;
	k->type = blob.type;
	buffer_truncate(&k->pub, 0);
	return buffer_put_slice(&k->pub, bytes);
}

int
key_set_private(struct key *k, const struct key_type *t, struct slice priv)
{
	struct slice in = priv, field[KEY_TYPE_FIELDS], pub[KEY_TYPE_FIELDS];
	size_t i;

	if (t->priv == NULL || key_type_take(t, t->priv, &in, field) != 0 || in.n != 0)
		return ERROR_MALFORMED;
	if (t->family == KEY_EDDSA &&
	    !slice_eq(field[0], slice_skip(field[1], t->bytes)))
		return ERROR_MISMATCH;
	k->type = t;
	buffer_truncate(&k->priv, 0);
	buffer_truncate(&k->pub, 0);
	buffer_truncate(&k->crt, 0);
	key_type_put(t->priv, field, &k->priv);
	ssh_wire_put_cstring(&k->pub, t->name);
	for (i = 0; t->pub_of_priv[i] != '\0'; i++)
		pub[i] = field[t->pub_of_priv[i] - '0'];
	key_type_put(t->pub, pub, &k->pub);
	return k->priv.failed != 0 ? k->priv.failed : k->pub.failed;
}

int
key_fields(const struct key *k, struct slice field[KEY_TYPE_FIELDS])
{
	struct slice in = buffer_slice(&k->priv);

	return in.n == 0 ? ERROR_NOT_PRIVATE : key_type_take(k->type, k->type->priv, &in, field);
}

int
key_set_comment(struct key *k, struct slice comment)
{
	buffer_truncate(&k->comment, 0);
	return buffer_put_slice(&k->comment, comment);
}

int
key_same(const struct key *a, const struct key *b)
{
	return a->type == b->type && a->priv.n == b->priv.n && a->priv.n > 0 &&
	    secret_eq(a->priv.p, b->priv.p, a->priv.n);
}

void
key_free(struct key *k)
{
	buffer_free(&k->pub);
	buffer_free(&k->priv);
	buffer_free(&k->crt);
	buffer_free(&k->comment);
	k->type = NULL;
}

void
key_parts_free(struct key_parts *parts)
{
	buffer_free(&parts->priv);
	buffer_free(&parts->seed);
	buffer_free(&parts->stated);
	buffer_free(&parts->pub);
	buffer_free(&parts->crt);
	buffer_free(&parts->comment);
	parts->type = NULL;
}

int
key_parts_failed(const struct key_parts *parts)
{
	return parts->priv.failed || parts->seed.failed || parts->stated.failed ||
	    parts->pub.failed || parts->crt.failed || parts->comment.failed;
}
