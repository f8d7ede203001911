#include "server_policy.h"
#include "fingerprint.h"

#include <string.h>

/* Of aspera_id_dsa.openssh, ascli's bypass key, aspera_tokenauth_id_rsa. */
static const char *const shared[] = {
	"SHA256:vuGW1XcqdXrKC5EcFszUwyEX0x/QhzpvVHbGXmYN5c0",
	"SHA256:JBWNz1H0K96a9kHlL/FkVoJwq/gRjb3tAceiW81mPyU",
	"SHA256:BcsXPUNZ4GJ/VM3QoV1jtlyOZble/IZva4yc+58p7XU",
};

/* 1 or 0; -1 where that is not to be known. */
static int
is_shared(const struct key_view *view)
{
	struct digest *d = digest_new("SHA256");
	struct buffer text = BUFFER_EMPTY;
	size_t i;
	int r = -1;

	if (d != NULL && fingerprint_text(&text, d, "SHA256", view) == 0)
		for (r = 0, i = 0; i < sizeof shared / sizeof shared[0]; i++)
			r |= slice_is(buffer_slice(&text), shared[i]);
	buffer_free(&text);
	digest_free(d);
	return r;
}

enum server_verdict
server_policy(struct slice blob, const char **why)
{
	struct slice field[KEY_TYPE_FIELDS];
	const struct key_type *t;
	struct key_view view;
	int is;

	*why = "not a key";
	if (key_view_parse(blob, &view) != 0)
		return SERVER_REFUSES;
	t = key_view_plain(&view);
	is = is_shared(&view);
	*why = is > 0 ? "a key that comes with Aspera software: its private half is public" :
	    is < 0 ? "its fingerprint cannot be made" :
	    t == NULL || strcmp(t->name, "ssh-ed448") == 0 ? "OpenSSH knows no keys of this type" :
	    t->family == KEY_DSA ? "DSA keys are no longer accepted" : NULL;
	if (*why != NULL)
		return SERVER_REFUSES;
	*why = "RSA with the exponent 1: anybody can sign for it";
	if (t->family == KEY_RSA && (key_type_take(t, t->pub, &view.fields, field) != 0 ||
	    (field[0].n == 1 && field[0].p[0] == 1)))
		return SERVER_REFUSES;
	*why = "RSA under 2048 bits is too short";
	return t->family != KEY_RSA || view.bits >= 2048 ? SERVER_ADMITS :
	    view.bits >= 1024 ? SERVER_DOUBTS : SERVER_REFUSES;
}
