/*
 * badkeys: spoils good key files in every way it knows, gives each spoilt one
 * to the filters that may meet it, and says which of them do not refuse it as
 * they should.
 *
 *	badkeys [-av] [-k folder] [-n pattern] [-s n] programs pass-file wrong-file seed ...
 *
 *	-a          every filter for every input; else one, in turn, and one file
 *	            of each format for what does not depend on the key
 *	-k folder   runs nothing: what no filter should refuse, or with -a every
 *	            input, becomes a file there; its number and name are shown
 *	-n pattern  only the inputs with such a name, as fnmatch(3) has it
 *	-s n        every nth input only
 *	-v          says what each filter answered
 *
 * The working directory is scratch. Status 0 when all is as it should be.
 */
#include "expect.h"
#include "key_crypto.h"
#include "key_error.h"
#include "run.h"
#include "spoil.h"

#include <fnmatch.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SEEDS_MAX 64

const char die_tool[] = "badkeys";

struct job {
	int all, verbose;
	const char *keep, *pattern, *programs;
	const char *pass[3];    /* -P's words, for enum with */
	unsigned long inputs, runs, wrong, turn, step;
	long kib;
	double seconds, slowest;
};

static int
meets(const struct seed *s, enum filter filter)
{
	if (filter == FILTER_AUTHKEYS)
		return !s->private;
	return s->private || filter == FILTER_FPR || filter == FILTER_PUBFMT;
}

/* What is wrong with the answer, or NULL. */
static const char *
verdict(const struct run *r, const struct expected *e)
{
	if (r->status != e->status && r->status < STATUS_OF_SIGNAL)
		return e->status == 0 ? "status not 0" : "status not 2";
	if (r->wrong[0] != '\0')
		return r->wrong;
	if (e->fact != 0 && strcmp(r->fact, key_error_text(e->fact)) != 0)
		return "another fact";
	return NULL;
}

static void
try_one(struct job *job, const struct input *in, enum filter filter)
{
	struct expected e = expect(in, filter);
	struct run r = { .filter = filter, .programs = job->programs, .pass = job->pass[in->with],
	    .many = e.many, .some = e.some };
	const char *wrong;

	if (run_filter(&r, in->text) != 0) {
		perror("badkeys");
		exit(2);
	}
	job->runs++;
	job->seconds += r.seconds;
	job->slowest = r.seconds > job->slowest ? r.seconds : job->slowest;
	job->kib = r.kib > job->kib ? r.kib : job->kib;
	if ((wrong = verdict(&r, &e)) != NULL)
		job->wrong++;
	if (wrong != NULL || job->verbose)
		printf("%s%s\t%s\t%d\t%s\t%s\n", wrong != NULL ? "WRONG " : "", in->name,
		    run_name(filter), r.status, r.fact, wrong != NULL ? wrong : "");
}

static void
keep(const struct job *job, const struct input *in)
{
	char path[PATH_MAX];
	FILE *out;

	(void)snprintf(path, sizeof path, "%s/%05lu", job->keep, job->inputs);
	if ((out = fopen(path, "wb")) == NULL ||
	    fwrite(in->text.p, 1, in->text.n, out) != in->text.n || fclose(out) != 0)
		exit(2);
	printf("%05lu\t%s\n", job->inputs, in->name);
}

/* Whoever uses the key, not only shows it, should read it. */
static int
is_good(const struct input *in)
{
	return expect(in, in->seed->private ? FILTER_PRIVFMT : FILTER_AUTHKEYS).status == 0;
}

static void
take(void *arg, const struct input *in)
{
	struct job *job = arg;
	enum filter filter;
	unsigned n = 0, i;

	if ((job->pattern != NULL && fnmatch(job->pattern, in->name, 0) != 0) ||
	    ++job->turn % job->step != 0)
		return;
	job->inputs++;
	if (job->keep != NULL) {
		if (job->all || is_good(in))
			keep(job, in);
		return;
	}
	for (filter = 0; filter < FILTERS; filter++)
		n += (unsigned)meets(in->seed, filter);
	for (filter = 0, i = 0; filter < FILTERS; filter++)
		if (meets(in->seed, filter) && (job->all || i++ == job->inputs % n))
			try_one(job, in, filter);
}

static const struct seed *
twin_of(const struct seed *seed, const struct seed *seeds, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (seeds[i].key.type == seed->key.type && !slice_eq(
		    buffer_slice(&seeds[i].key.pub), buffer_slice(&seed->key.pub)))
			return &seeds[i];
	return NULL;
}

/* One file of each format, protected or not, is spoilt as a text too, and cut at
 * every byte. */
static int
is_first(const struct seed *seeds, size_t at)
{
	size_t i;

	for (i = 0; i < at; i++)
		if (!seed_is_twin(&seeds[i]) && seeds[i].e.format == seeds[at].e.format &&
		    seeds[i].sealed == seeds[at].sealed)
			return 0;
	return 1;
}

static void
spoil(struct job *job, const struct seed *seed, const struct seed *twin, int whole,
    struct slice pass)
{
	struct spoiler s = { seed, pass, twin, whole, job->all, take, job };
	unsigned long before = job->inputs;

	spoil_hand(&s, "all", "good", DEPTH_NONE, WITH_PASS, seed->text);
	if (seed->sealed) {
		spoil_hand(&s, "all", "wrong passphrase", DEPTH_CHECK, WITH_WRONG, seed->text);
		spoil_hand(&s, "all", "no passphrase", DEPTH_CHECK, WITH_NONE, seed->text);
	}
	spoil_structure(&s);
	spoil_halves(&s);
	if (whole)
		spoil_text(&s);
	fprintf(stderr, "%s: %lu inputs\n", seed->name, job->inputs - before);
}

static struct slice
first_line(const char *path, char text[128])
{
	FILE *in = fopen(path, "r");

	text[0] = '\0';
	if (in == NULL || fgets(text, 128, in) == NULL)
		exit(2);
	fclose(in);
	return slice_of(text, strcspn(text, "\n"));
}

static void
parse(int argc, char **argv, struct job *job)
{
	int c;

	while ((c = getopt(argc, argv, "avk:n:s:")) != -1)
		switch (c) {
		case 'a':
			job->all = 1;
			break;
		case 'v':
			job->verbose = 1;
			break;
		case 'k':
			job->keep = optarg;
			break;
		case 'n':
			job->pattern = optarg;
			break;
		case 's':
			job->step = strtoul(optarg, NULL, 10);
			break;
		default:
			exit(2);
		}
	if (job->step == 0)
		job->step = 1;
	if (argc - optind < 4 || argc - optind - 3 > SEEDS_MAX) {
		fputs("badkeys: programs, passphrases and seeds are wanted\n", stderr);
		exit(2);
	}
}

int
main(int argc, char **argv)
{
	static struct seed seeds[SEEDS_MAX];
	static char source[2][PATH_MAX], text[128];
	struct job job = { .pass = { source[0], source[1], "none" } };
	struct slice pass;
	const char *name, *trouble;
	size_t i, n;

	parse(argc, argv, &job);
	argv += optind;
	job.programs = argv[0];
	(void)snprintf(source[0], PATH_MAX, "file:%s", argv[1]);
	(void)snprintf(source[1], PATH_MAX, "file:%s", argv[2]);
	pass = first_line(argv[1], text);
	key_crypto_init(0, NULL);
	for (n = 0; argv[n + 3] != NULL; n++) {
		seeds[n] = (struct seed)SEED_EMPTY;
		name = strrchr(argv[n + 3], '/');
		if ((trouble = seed_read(&seeds[n], argv[n + 3], name != NULL ? name + 1 : argv[n + 3],
		    pass)) != NULL) {
			fprintf(stderr, "badkeys: %s: %s\n", argv[n + 3], trouble);
			return 2;
		}
	}
	for (i = 0; i < n; i++)
		if (!seed_is_twin(&seeds[i]))
			spoil(&job, &seeds[i], twin_of(&seeds[i], seeds, n),
			    job.all || is_first(seeds, i), pass);
	printf("%lu inputs, %lu runs, %lu wrong; at most %ld KiB, %.3f s, all %.1f s\n", job.inputs,
	    job.runs, job.wrong, job.kib, job.slowest, job.seconds);
	return job.wrong == 0 && (job.runs > 0 || job.keep != NULL) ? 0 : 1;
}
