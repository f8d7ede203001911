#include "crypto/fips.h"
#include "base/error.h"
#include "crypto/crypto.h"
#include "crypto/key_complete.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <openssl/bio.h>
#include <openssl/conf.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/decoder.h>
#include <openssl/evp.h>
#include <openssl/provider.h>

struct context {
	OSSL_LIB_CTX *lib;
	CONF *conf;             /* of lib */
	OSSL_PROVIDER *fips, *base;
};

/* What the context reads in place of openssl.cnf; the parameters follow. */
#define ONLY_FIPS \
	"openssl_conf = init\n[init]\nproviders = providers\n[providers]\nfips = fips\n[fips]\n"

/* The section of the FIPS provider: as openssl.cnf names it, or as fipsinstall does. */
static const char *
section_of(const CONF *conf)
{
	const char *s = NCONF_get_string(conf, NULL, "openssl_conf");

	if (s != NULL)
		s = NCONF_get_string(conf, s, "providers");
	if (s != NULL)
		s = NCONF_get_string(conf, s, "fips");
	return s != NULL ? s : "fips_sect";
}

/* Appends the FIPS provider's parameters in a configuration file. Returns how many there are. */
static int
put_parameters(const char *file, struct buffer *text)
{
	CONF *conf = NCONF_new(NULL);
	STACK_OF(CONF_VALUE) *values = NULL;
	const CONF_VALUE *v;
	int i;

	if (file != NULL && NCONF_load(conf, file, NULL) == 1)
		values = NCONF_get_section(conf, section_of(conf));
	for (i = 0; i < sk_CONF_VALUE_num(values); i++) {
		v = sk_CONF_VALUE_value(values, i);
		buffer_printf(text, "%s = \"%s\"\n", v->name, v->value);
	}
	NCONF_free(conf);
	return i;
}

/* Gives the FIPS provider's parameters to the context of conf. Whether there are any. */
static int
configure(CONF *conf)
{
	unsigned char room[8192];
	struct buffer text = BUFFER_IN(room);
	char *own = CONF_get1_default_config_file(), installed[PATH_MAX];
	BIO *bio = NULL;
	int has;

	(void)snprintf(installed, sizeof installed, "%s/fipsmodule.cnf", OPENSSL_info(OPENSSL_INFO_CONFIG_DIR));
	buffer_puts(&text, ONLY_FIPS);
	has = put_parameters(own, &text) > 0 || put_parameters(installed, &text) > 0;
	if (!text.failed && (bio = BIO_new_mem_buf(text.p, (int)text.n)) != NULL &&
	    NCONF_load_bio(conf, bio, NULL) == 1 && has)
		(void)CONF_modules_load(conf, NULL, 0); /* only the provider tells whether it starts */
	BIO_free(bio);
	OPENSSL_free(own);
	return has;
}

/* Whether the FIPS provider's file exists, where libcrypto looks for it. */
static int
is_installed(const CONF *conf)
{
	const char *file = NCONF_get_string(conf, "fips", "module");
	const char *directory = getenv("OPENSSL_MODULES");
	char usual[PATH_MAX];

	(void)snprintf(usual, sizeof usual, "%s/fips.so",
	    directory != NULL ? directory : OPENSSL_info(OPENSSL_INFO_MODULES_DIR));
	return (file != NULL && access(file, F_OK) == 0) || access(usual, F_OK) == 0;
}

static void
put_provider(const OSSL_PROVIDER *provider, struct fips_proof *proof)
{
	char *name = NULL, *version = NULL;
	OSSL_PARAM params[] = {
		OSSL_PARAM_utf8_ptr(OSSL_PROV_PARAM_NAME, &name, 0),
		OSSL_PARAM_utf8_ptr(OSSL_PROV_PARAM_VERSION, &version, 0),
		OSSL_PARAM_END
	};

	if (OSSL_PROVIDER_get_params(provider, params) == 1 && name != NULL && version != NULL)
		(void)snprintf(proof->provider, sizeof proof->provider, "%s %s", name, version);
}

/* Starts the FIPS provider in lib, without all others; else sets proof->lack. */
static void
start(struct context *x, struct fips_proof *proof)
{
	const int configured = configure(x->conf);

	if ((x->fips = OSSL_PROVIDER_load(x->lib, "fips")) != NULL &&
	    (x->base = OSSL_PROVIDER_load(x->lib, "base")) != NULL &&
	    EVP_default_properties_enable_fips(x->lib, 1) == 1)
		put_provider(x->fips, proof);   /* it may refuse the key */
	else
		proof->lack = !is_installed(x->conf) ? "no FIPS provider on this host" :
		    configured ? "a FIPS provider is here, but does not start with its configuration" :
		    "a FIPS provider is here, not configured (fipsmodule.cnf)";
}

static void
stop(struct context *x)
{
	if (x->fips != NULL)
		(void)OSSL_PROVIDER_unload(x->fips);
	if (x->base != NULL)
		(void)OSSL_PROVIDER_unload(x->base);
	NCONF_free(x->conf);
	OSSL_LIB_CTX_free(x->lib);
}

/* Not with PEM_read_bio_PrivateKey: where no provider loads the key, that tries without one. */
static EVP_PKEY *
decode(OSSL_LIB_CTX *lib, struct slice pem, struct slice pass)
{
	EVP_PKEY *pkey = NULL;
	OSSL_DECODER_CTX *d = OSSL_DECODER_CTX_new_for_pkey(&pkey, "PEM", NULL, NULL, EVP_PKEY_KEYPAIR, lib, NULL);

	if (d != NULL && (pass.n == 0 || OSSL_DECODER_CTX_set_passphrase(d, pass.p, pass.n) == 1))
		(void)OSSL_DECODER_from_data(d, &pem.p, &pem.n);
	OSSL_DECODER_CTX_free(d);
	return pkey;
}

static int
load(const struct key *k, struct slice pem, struct slice pass, OSSL_LIB_CTX *lib, struct fips_proof *proof)
{
	EVP_PKEY *pkey = decode(lib, pem, pass);
	const OSSL_PROVIDER *by = pkey != NULL ? EVP_PKEY_get0_provider(pkey) : NULL;
	struct key again = KEY_EMPTY;
	int r = by != NULL ? key_complete_pkey(k->type, pkey, &again) : ERROR_CRYPTO;

	if (by != NULL)
		put_provider(by, proof);
	if (by != NULL && strcmp(OSSL_PROVIDER_get0_name(by), "default") != 0)
		proof->lack = NULL;     /* openssl.cnf may activate another FIPS provider */
	if (r == 0 && !key_same(k, &again))
		r = ERROR_MISMATCH;
	EVP_PKEY_free(pkey);
	key_free(&again);
	return r;
}

int
fips_loads(const struct key *k, struct slice pem, struct slice pass, struct fips_proof *proof)
{
	struct context x = { .lib = OSSL_LIB_CTX_new() };
	int r = ERROR_MEMORY;

	*proof = (struct fips_proof){ .lack = CRYPTO_PROVIDERS ? NULL : "no FIPS provider in a static build" };
	if (x.lib != NULL && (x.conf = NCONF_new_ex(x.lib, NULL)) != NULL) {
		if (CRYPTO_PROVIDERS)
			start(&x, proof);
		r = load(k, pem, pass, proof->lack == NULL ? x.lib : NULL, proof);
	}
	stop(&x);
	return r;
}
