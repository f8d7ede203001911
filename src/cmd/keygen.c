/* keygen: makes a new private key, on standard output or as a durable pair of files. */
#include "base/error.h"
#include "base/secret.h"
#include "cmd/die.h"
#include "cmd/option.h"
#include "cmd/output.h"
#include "crypto/crypto.h"
#include "crypto/key_generate.h"
#include "keyfile/key_file.h"

#include <errno.h>
#include <pwd.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

const char die_tool[] = "keygen";

static const char usage[] =
"usage: xferkey keygen [-q] [-t rsa|ecdsa|ed25519] [-b bits] [-m format]\n"
"                      [-C comment] [-N source] [-f file]\n"
"\n"
"Generates a private key: on standard output, or with -f as file and file.pub,\n"
"which must not exist.\n"
"\n"
"  -t type     rsa (default: most versions of ascp read it), ecdsa, ed25519\n"
"  -b bits     rsa 2048 to 16384 (default 3072), ecdsa 256 (default), 384 or 521\n"
"  -m format   OPENSSH, PEM, PKCS8, PPK2 or PPK3; default PEM, or with a\n"
"              passphrase PKCS8; for ed25519 OPENSSH\n"
"  -C comment  default user@host\n"
"  -N source   passphrase: env:VAR file:PATH fd:N stdin ask none (default)\n"
"  -q          no progress on the terminal\n";

struct job {
	const struct key_type *type;
	const struct format *format;
	const char *word, *comment, *file;
	unsigned bits;
	int quiet;
};

static void
parse(int argc, char **argv, struct job *job, struct passphrase *pass)
{
	int c;

	while ((c = getopt(argc, argv, ":t:b:m:C:N:f:yqh")) != -1)
		switch (c) {
		case 't': job->word = optarg; break;
		case 'b': job->bits = (unsigned)option_number(c, optarg, 1, 1u << 20); break;
		case 'm': job->format = option_format(optarg, FORMAT_PRIVATE); break;
		case 'C': job->comment = option_comment(optarg); break;
		case 'N': option_source(pass, c, optarg); break;
		case 'f': job->file = option_file(optarg); break;
		case 'y': die("-y: keygen only makes new keys; xferkey pubfmt FILE prints the public half");
		case 'q': job->quiet = 1; break;
		default: die_option(c, argv, usage);
		}
	if (argv[optind] != NULL)
		die("%s: keygen takes no operand; -f FILE names the key", argv[optind]);
}

static void
choose_type(struct job *job)
{
	const struct key_type *t, *named = NULL;
	size_t i;

	for (i = 0; (t = key_type_row(i)) != NULL; i++) {
		if (t->word == NULL || strcasecmp(job->word, t->word) != 0)
			continue;
		named = t;
		if (t->bits == 0 || job->bits == 0 || t->bits == job->bits)
			break;
	}
	if (named == NULL)
		die("-t %s: not one of rsa ecdsa ed25519", job->word);
	if (named->family == KEY_DSA)
		die("-t dsa: DSA is refused by today's servers; use rsa, ecdsa or ed25519");
	if (t == NULL)
		die("-b %u: %s keys have %s bits", job->bits, job->word,
		    named->family == KEY_ECDSA ? "256, 384 or 521" : "256");
	job->type = t;
	if (t->family != KEY_RSA)
		return;
	job->bits = job->bits != 0 ? job->bits : 3072;
	if (job->bits < 2048)
		die("-b %u: servers refuse RSA under 2048 bits", job->bits);
	if (job->bits > 16384)
		die("-b %u: OpenSSH reads RSA up to 16384 bits", job->bits);
}

/* Prints a dot, at most four a second, while a large key is generated. */
static void
dot(void *arg)
{
	struct timespec *last = arg, now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	if ((now.tv_sec - last->tv_sec) * 1000 + (now.tv_nsec - last->tv_nsec) / 1000000 < 250)
		return;
	*last = now;
	if (write(STDERR_FILENO, ".", 1) < 0)
		errno = 0;      /* progress is optional */
}

static int
generate(const struct job *job, struct key *k)
{
	int show = !job->quiet && isatty(STDERR_FILENO), r;
	struct timespec start, last;

	clock_gettime(CLOCK_MONOTONIC, &start);
	last = start;
	r = key_generate(k, job->type, job->bits, show ? dot : NULL, &last);
	if (show && memcmp(&start, &last, sizeof last) != 0 && write(STDERR_FILENO, "\n", 1) < 0)
		errno = 0;
	return r;
}

/* user@host, as for ssh-keygen, which makes no key for a uid without a name. */
static int
set_default_comment(struct key *k)
{
	unsigned char room[4096];
	struct buffer who = BUFFER_IN(room);
	const struct passwd *pw;
	char host[256] = "localhost";

	errno = 0;
	if ((pw = getpwuid(getuid())) == NULL && errno == ENOMEM)
		return ERROR_MEMORY;
	(void)gethostname(host, sizeof host - 1);
	if (pw != NULL)
		buffer_puts(&who, pw->pw_name);
	else
		buffer_printf(&who, "%lu", (unsigned long)getuid());
	buffer_printf(&who, "@%s", host);
	return key_set_comment(k, buffer_slice(&who));
}

static int
write_key(const struct job *job, const struct key *k, struct slice pass)
{
	const struct key_file_form form = { .format = job->format != NULL ? job->format :
	    format_default(job->type, pass.n > 0) };
	struct buffer text = BUFFER_EMPTY, pub = BUFFER_EMPTY;
	int r, status;

	if ((r = key_file_write(k, &form, pass, &text)) == ERROR_NONE)
		r = format_line(k, &pub);
	if (r != ERROR_NONE)
		status = die_warn("%s%s: %s", job->format != NULL ? "-m " : "", form.format->name,
		    error_text(r));
	else
		status = output_key(job->file, buffer_slice(&text), buffer_slice(&pub));
	buffer_free(&text);
	buffer_free(&pub);
	return status;
}

int
main(int argc, char **argv)
{
	struct job job = { .word = "rsa" };
	struct passphrase pass = PASSPHRASE_EMPTY;
	struct key k = KEY_EMPTY;
	int r, status;

	secret_guard();
	crypto_init(1, die_memory);
	pass.kind = PASSPHRASE_NONE;
	parse(argc, argv, &job, &pass);
	choose_type(&job);
	output_check(job.file, 1);
	if ((status = output_passphrase(&pass, job.file != NULL ? job.file : "the key")) != STATUS_YES)
		goto out;
	if ((r = generate(&job, &k)) != ERROR_NONE || (r = job.comment != NULL ?
	    key_set_comment(&k, slice_str(job.comment)) : set_default_comment(&k)) != ERROR_NONE)
		status = die_warn("%s", error_text(r));
	else
		status = write_key(&job, &k, buffer_slice(&pass.text));
out:
	key_free(&k);
	passphrase_free(&pass);
	secret_stack();
	return status;
}
