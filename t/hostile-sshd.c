/*
 * hostile-sshd: a server that really speaks SSH (RFC 4253, 4252) and says what it likes, for the tests of what is
 * believed of a server. It takes every signature, unchecked, and is none for any other use.
 *
 *	hostile-sshd [-l line] [-k types] [-d text] [-b text] [-x text | [-p] -a methods]
 *
 * Prints its port on 127.0.0.1 and its new ssh-ed25519 key, and serves for two minutes. To each client it sends
 *	-l  this line before its version           -k  these host key types in its offer
 *	-d  text in SSH_MSG_DEBUG, before the key exchange and before its answer
 *	-b  text in SSH_MSG_USERAUTH_BANNER
 * and its answer to a signature is yes; or, with -x, SSH_MSG_DISCONNECT with text; or, with -a, no, and the
 * methods that can continue, with -p after a partial success.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { DISCONNECT = 1, DEBUG = 4, SERVICE_REQUEST, SERVICE_ACCEPT, KEXINIT = 20, NEWKEYS, ECDH_INIT = 30, ECDH_REPLY,
	AUTH_REQUEST = 50, AUTH_FAILURE, AUTH_SUCCESS, AUTH_BANNER, PK_OK = 60 };

struct text {
	size_t n;
	unsigned char p[40000];
};

struct way {
	EVP_CIPHER_CTX *cipher; /* NULL before NEWKEYS */
	unsigned char mac[32];
	uint32_t number;
};

static struct way in, out;
static int client;
static EVP_PKEY *host_key;
static const char *line, *types = "ssh-ed25519", *debug, *banner, *bye, *methods;
static int partial;
static char version[256];
static struct text client_init, server_init, key_blob;

static void
must(int ok)
{
	if (!ok)
		_exit(1);
}

static void
put(struct text *t, const void *p, size_t n)
{
	must(n <= sizeof t->p - t->n);
	memcpy(t->p + t->n, p, n);
	t->n += n;
}

static void
put_number(struct text *t, size_t n)
{
	const uint32_t big = htonl((uint32_t)n);

	put(t, &big, 4);
}

static void
put_byte(struct text *t, int byte)
{
	const unsigned char b = (unsigned char)byte;

	put(t, &b, 1);
}

static void
put_string(struct text *t, const void *p, size_t n)
{
	put_number(t, n);
	put(t, p, n);
}

static void
put_word(struct text *t, const char *s)
{
	put_string(t, s, strlen(s));
}

static size_t
number(const unsigned char *p)
{
	return (size_t)p[0] << 24 | (size_t)p[1] << 16 | (size_t)p[2] << 8 | p[3];
}

/* The string at *at of t, which is then behind it. */
static const unsigned char *
get_string(const struct text *t, size_t *at, size_t *n)
{
	must(*at + 4 <= t->n);
	*n = number(t->p + *at);
	*at += 4 + *n;
	must(*n <= t->n && *at <= t->n);
	return t->p + *at - *n;
}

static void
read_all(unsigned char *p, size_t n)
{
	ssize_t got;

	for (; n > 0; p += got, n -= (size_t)got)
		must((got = read(client, p, n)) > 0);
}

/* Over the packet's number and the packet, RFC 4253 section 6.4. */
static void
mac_of(struct way *w, const struct text *packet, unsigned char *mac)
{
	struct text t = { 0 };

	put_number(&t, w->number);
	put(&t, packet->p, packet->n);
	must(HMAC(EVP_sha256(), w->mac, 32, t.p, t.n, mac, NULL) != NULL);
}

static void
send_packet(const struct text *payload)
{
	struct text t = { 0 };
	unsigned char mac[32];
	size_t pad = 16 - (payload->n + 5) % 16;
	int n;

	if (pad < 4)
		pad += 16;
	put_number(&t, payload->n + pad + 1);
	put_byte(&t, (int)pad);
	put(&t, payload->p, payload->n);
	while (pad-- > 0)
		put_byte(&t, 0);
	if (out.cipher != NULL) {
		mac_of(&out, &t, mac);
		must(EVP_EncryptUpdate(out.cipher, t.p, &n, t.p, (int)t.n));
		put(&t, mac, 32);
	}
	out.number++;
	must(write(client, t.p, t.n) == (ssize_t)t.n);
}

static void
read_some(struct text *t, size_t n)
{
	int got;

	must(n <= sizeof t->p - t->n);
	read_all(t->p + t->n, n);
	if (in.cipher != NULL)
		must(EVP_DecryptUpdate(in.cipher, t->p + t->n, &got, t->p + t->n, (int)n));
	t->n += n;
}

/* The payload of the next packet that is none of those that may come at any time. */
static void
receive(struct text *payload)
{
	struct text t;
	unsigned char mac[32], want[32];

	do {
		t.n = payload->n = 0;
		read_some(&t, 16);
		must(number(t.p) >= 12 && number(t.p) < 35000);
		read_some(&t, number(t.p) + 4 - 16);
		if (in.cipher != NULL) {
			mac_of(&in, &t, want);
			read_all(mac, 32);
			must(memcmp(mac, want, 32) == 0);
		}
		in.number++;
		must(t.p[4] + 1u < number(t.p));
		put(payload, t.p + 5, number(t.p) - t.p[4] - 1);
	} while (payload->p[0] >= DISCONNECT && payload->p[0] <= DEBUG);
}

static void
send_text(int type, const char *text)
{
	struct text t = { 0 };

	if (text == NULL)
		return;
	put_byte(&t, type);
	if (type == DISCONNECT)
		put_number(&t, 2);
	else if (type == DEBUG)
		put_byte(&t, 1);
	put_word(&t, text);
	if (type == AUTH_FAILURE)
		put_byte(&t, partial);
	else
		put_word(&t, "");
	send_packet(&t);
}

static void
exchange_versions(void)
{
	size_t n = 0;

	if (line != NULL)
		(void)dprintf(client, "%s\r\n", line);
	(void)dprintf(client, "SSH-2.0-hostile\r\n");
	do {
		must(n < sizeof version - 1);
		read_all((unsigned char *)version + n, 1);
	} while (version[n++] != '\n');
	version[n - (version[n - 2] == '\r' ? 2 : 1)] = '\0';
	put_byte(&server_init, KEXINIT);
	put(&server_init, "0123456789abcdef", 16);
	put_word(&server_init, "curve25519-sha256");
	put_word(&server_init, types);
	for (n = 0; n < 2; n++)
		put_word(&server_init, "aes128-ctr");
	for (n = 0; n < 2; n++)
		put_word(&server_init, "hmac-sha2-256");
	for (n = 0; n < 2; n++)
		put_word(&server_init, "none");
	put(&server_init, "\0\0\0\0\0\0\0\0\0\0\0\0", 13);
	send_packet(&server_init);
	receive(&client_init);
	must(client_init.p[0] == KEXINIT);
}

/* secret becomes the mpint that both know, mine the public half of this side. */
static void
agree(const unsigned char theirs[32], unsigned char mine[32], struct text *secret)
{
	EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "X25519");
	EVP_PKEY *peer = EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, NULL, theirs, 32);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
	unsigned char shared[33] = { 0 };
	size_t n = 32, skip = 1;

	must(EVP_PKEY_get_raw_public_key(key, mine, &n) && EVP_PKEY_derive_init(ctx) > 0 &&
	    EVP_PKEY_derive_set_peer(ctx, peer) > 0 && EVP_PKEY_derive(ctx, shared + 1, &n) > 0);
	while (skip < 32 && shared[skip] == 0)
		skip++;
	if (shared[skip] & 0x80)
		skip--;
	put_string(secret, shared + skip, 33 - skip);
}

static void
sign(const unsigned char hash[32], struct text *signature)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	unsigned char raw[64];
	size_t n = sizeof raw;

	must(EVP_DigestSignInit(ctx, NULL, NULL, NULL, host_key) && EVP_DigestSign(ctx, raw, &n, hash, 32));
	put_word(signature, "ssh-ed25519");
	put_string(signature, raw, n);
}

/* RFC 4253 section 7.2; the first exchange's hash is the session's identifier. */
static void
use_keys(struct way *w, const struct text *secret, const unsigned char hash[32], int letter)
{
	unsigned char made[3][32];
	struct text t;
	int i;

	for (i = 0; i < 3; i++) {
		t.n = 0;
		put(&t, secret->p, secret->n);
		put(&t, hash, 32);
		put_byte(&t, letter + 2 * i);
		put(&t, hash, 32);
		must(EVP_Digest(t.p, t.n, made[i], NULL, EVP_sha256(), NULL));
	}
	memcpy(w->mac, made[2], 32);
	w->cipher = EVP_CIPHER_CTX_new();
	must(EVP_CipherInit_ex(w->cipher, EVP_aes_128_ctr(), NULL, made[1], made[0], letter == 'B'));
}

static void
exchange_keys(void)
{
	struct text t, reply = { 0 }, secret = { 0 }, signature = { 0 }, digest = { 0 };
	unsigned char mine[32], hash[32];
	size_t at = 1, n;
	const unsigned char *theirs;

	receive(&t);
	must(t.p[0] == ECDH_INIT);
	theirs = get_string(&t, &at, &n);
	must(n == 32);
	agree(theirs, mine, &secret);
	put_word(&digest, version);
	put_word(&digest, "SSH-2.0-hostile");
	put_string(&digest, client_init.p, client_init.n);
	put_string(&digest, server_init.p, server_init.n);
	put_string(&digest, key_blob.p, key_blob.n);
	put_string(&digest, theirs, 32);
	put_string(&digest, mine, 32);
	put(&digest, secret.p, secret.n);
	must(EVP_Digest(digest.p, digest.n, hash, NULL, EVP_sha256(), NULL));
	sign(hash, &signature);
	put_byte(&reply, ECDH_REPLY);
	put_string(&reply, key_blob.p, key_blob.n);
	put_string(&reply, mine, 32);
	put_string(&reply, signature.p, signature.n);
	send_packet(&reply);
	reply.n = 0;
	put_byte(&reply, NEWKEYS);
	send_packet(&reply);
	use_keys(&out, &secret, hash, 'B');
	receive(&t);
	must(t.p[0] == NEWKEYS);
	use_keys(&in, &secret, hash, 'A');
}

static void
answer(void)
{
	struct text t = { 0 };

	send_text(DEBUG, debug);
	send_text(AUTH_BANNER, banner);
	send_text(DISCONNECT, bye);
	send_text(AUTH_FAILURE, methods);
	put_byte(&t, AUTH_SUCCESS);
	if (methods == NULL)
		send_packet(&t);
}

static void
authenticate(const struct text *request)
{
	struct text t = { 0 };
	const unsigned char *algorithm, *blob;
	size_t at = 1, n, blob_n;

	(void)get_string(request, &at, &n);
	(void)get_string(request, &at, &n);
	if (get_string(request, &at, &n)[0] == 'n') {
		put_byte(&t, AUTH_FAILURE);
		put_word(&t, "publickey");
		put_byte(&t, 0);
		send_packet(&t);
	} else if (request->p[at] != 0) {
		answer();
	} else {
		at++;
		algorithm = get_string(request, &at, &n);
		blob = get_string(request, &at, &blob_n);
		put_byte(&t, PK_OK);
		put_string(&t, algorithm, n);
		put_string(&t, blob, blob_n);
		send_packet(&t);
	}
}

static void
serve(void)
{
	struct text t;

	exchange_versions();
	send_text(DEBUG, debug);
	exchange_keys();
	for (;;) {
		receive(&t);
		if (t.p[0] == SERVICE_REQUEST) {
			t.p[0] = SERVICE_ACCEPT;
			send_packet(&t);
		} else if (t.p[0] == AUTH_REQUEST) {
			authenticate(&t);
		}
	}
}

static void
parse(int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "l:k:d:b:x:a:p")) != -1)
		switch (c) {
		case 'l': line = optarg; break;
		case 'k': types = optarg; break;
		case 'd': debug = optarg; break;
		case 'b': banner = optarg; break;
		case 'x': bye = optarg; break;
		case 'a': methods = optarg; break;
		case 'p': partial = 1; break;
		default: exit(2);
		}
}

int
main(int argc, char **argv)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t a_n = sizeof a;
	unsigned char raw[32], base64[128];
	size_t n = sizeof raw;
	int s = socket(AF_INET, SOCK_STREAM, 0);

	parse(argc, argv);
	(void)alarm(120);
	(void)signal(SIGCHLD, SIG_IGN);
	must((host_key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519")) != NULL &&
	    EVP_PKEY_get_raw_public_key(host_key, raw, &n));
	put_word(&key_blob, "ssh-ed25519");
	put_string(&key_blob, raw, n);
	must(EVP_EncodeBlock(base64, key_blob.p, (int)key_blob.n) > 0);
	must(bind(s, (struct sockaddr *)&a, sizeof a) == 0 && listen(s, 8) == 0 &&
	    getsockname(s, (struct sockaddr *)&a, &a_n) == 0);
	printf("%d ssh-ed25519 %s\n", ntohs(a.sin_port), (char *)base64);
	(void)fflush(stdout);
	while ((client = accept(s, NULL, NULL)) >= 0) {
		if (fork() == 0) {
			(void)alarm(60);
			serve();
		}
		close(client);
	}
	return 1;
}
