/*
 * pair: runs two command lines in turn, and measures each run.
 *
 *	pair [-c] [-n PAIRS] [-s STATUS] [-i FILE] [-b COMMAND] OURS ... -- PEER ...
 *
 * The order is OURS PEER OURS PEER, so that a slow phase of the machine slows both. Standard input is FILE or empty,
 * standard output /dev/null. COMMAND is run by sh before each run, and is not measured. OURS must end with STATUS, by
 * default 0, and PEER with 0. One line is written:
 *
 *	the median of PEER / OURS, pair by pair, and its quartiles
 *	the median seconds of OURS, and of PEER
 *	the mean seconds of CPU of OURS, and of PEER
 *	the most KiB of memory that a run of OURS had, and of PEER
 *	the median of OURS - PEER in seconds, pair by pair
 *
 * Seconds are those of the whole process, from before it is made until it is gone. With -c, for times that depend on
 * chance as those of RSA keys do, the first three are the ratio of the mean CPU times, minus and plus its standard
 * error.
 */
#include <sys/resource.h>
#include <sys/types.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct side {
	char **argv;
	int status;
	double *wall, *cpu;
	long rss;
};

extern char **environ;

static const char *input = "/dev/null";
static FILE *said;                      /* standard error of the last run */

static void
die(const char *what, int error)
{
	fprintf(stderr, "pair: %s: %s\n", what, strerror(error));
	exit(2);
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double
seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static void
complain(const struct side *s, int status)
{
	int c;

	rewind(said);
	while ((c = getc(said)) != EOF)
		putc(c, stderr);
	fprintf(stderr, "pair: %s: %s %d, not status %d\n", s->argv[0],
	    WIFEXITED(status) ? "status" : "signal",
	    WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status), s->status);
	exit(2);
}

static void
run(struct side *s, size_t i)
{
	posix_spawn_file_actions_t actions;
	struct rusage used;
	double from;
	int status, error;
	pid_t pid;

	if (ftruncate(fileno(said), 0) != 0 || lseek(fileno(said), 0, SEEK_SET) != 0)
		die("standard error", errno);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, fileno(said), 2);
	from = now();
	error = posix_spawnp(&pid, s->argv[0], &actions, NULL, s->argv, environ);
	if (error != 0)
		die(s->argv[0], error);
	while (wait4(pid, &status, 0, &used) == -1)
		if (errno != EINTR)
			die("wait4", errno);
	s->wall[i] = now() - from;
	s->cpu[i] = seconds(used.ru_utime) + seconds(used.ru_stime);
	if (used.ru_maxrss > s->rss)
		s->rss = used.ru_maxrss;
	posix_spawn_file_actions_destroy(&actions);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != s->status)
		complain(s, status);
}

static int
ascending(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* The value at this place among n sorted numbers, interpolated between its two neighbours. */
static double
quantile(const double *of, size_t n, double at)
{
	double place = at * (double)(n - 1);
	size_t i = (size_t)place;

	return i + 1 < n ? of[i] + (place - (double)i) * (of[i + 1] - of[i]) : of[i];
}

static double
median(const double *of, size_t n, double *room)
{
	memcpy(room, of, n * sizeof *of);
	qsort(room, n, sizeof *room, ascending);
	return quantile(room, n, 0.5);
}

static double
mean(const double *of, size_t n)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < n; i++)
		sum += of[i];
	return sum / (double)n;
}

/* The square of the relative standard error of the mean. */
static double
error_squared(const double *of, size_t n)
{
	double m = mean(of, n), sum = 0;
	size_t i;

	for (i = 0; i < n; i++)
		sum += (of[i] - m) * (of[i] - m);
	return n < 2 || m <= 0 ? 0 : sum / (double)(n - 1) / (double)n / (m * m);
}

static double *
numbers(size_t n)
{
	double *p = calloc(n, sizeof *p);

	if (p == NULL)
		die("memory", ENOMEM);
	return p;
}

static void
report(const struct side *ours, const struct side *peer, size_t n, int by_cpu)
{
	double *room = numbers(n), *values = numbers(n), ratio, low, high, error;
	size_t i;

	for (i = 0; i < n; i++)
		values[i] = peer->wall[i] / ours->wall[i];
	ratio = median(values, n, room);
	low = quantile(room, n, 0.25);
	high = quantile(room, n, 0.75);
	if (by_cpu) {
		error = sqrt(error_squared(ours->cpu, n) + error_squared(peer->cpu, n));
		ratio = mean(peer->cpu, n) / mean(ours->cpu, n);
		low = ratio * (1 - error);
		high = ratio * (1 + error);
	}
	for (i = 0; i < n; i++)
		values[i] = ours->wall[i] - peer->wall[i];
	printf("%.6f %.6f %.6f %.6f %.6f ", ratio, low, high,
	    median(ours->wall, n, room), median(peer->wall, n, room));
	printf("%.6f %.6f %ld %ld %.6f\n", mean(ours->cpu, n), mean(peer->cpu, n),
	    ours->rss, peer->rss, median(values, n, room));
	free(room);
	free(values);
}

int
main(int argc, char **argv)
{
	struct side sides[2] = { { .argv = NULL } };
	const char *before = NULL;
	int c, i, by_cpu = 0;
	long pairs = 1, k;

	/* +: options after the first operand belong to that command */
	while ((c = getopt(argc, argv, "+cn:s:i:b:")) != -1) {
		switch (c) {
		case 'c': by_cpu = 1; break;
		case 'n': pairs = strtol(optarg, NULL, 10); break;
		case 's': sides[0].status = atoi(optarg); break;
		case 'i': input = optarg; break;
		case 'b': before = optarg; break;
		default: return 2;
		}
	}
	for (i = optind; i < argc && strcmp(argv[i], "--") != 0; i++)
		;
	if (pairs < 1 || pairs > 1000000 || i == optind || i + 1 >= argc) {
		fputs("usage: pair [-c] [-n PAIRS] [-s STATUS] [-i FILE] [-b COMMAND] OURS ... -- PEER ...\n", stderr);
		return 2;
	}
	argv[i] = NULL;
	sides[0].argv = argv + optind;
	sides[1].argv = argv + i + 1;
	for (k = 0; k < 2; k++) {
		sides[k].wall = numbers((size_t)pairs);
		sides[k].cpu = numbers((size_t)pairs);
	}
	said = tmpfile();
	if (said == NULL)
		die("a temporary file", errno);
	for (k = 0; k < 2 * pairs; k++) {
		if (before != NULL && system(before) != 0) {
			fprintf(stderr, "pair: failed: %s\n", before);
			return 2;
		}
		run(&sides[k % 2], (size_t)k / 2);
	}
	report(&sides[0], &sides[1], (size_t)pairs, by_cpu);
	return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 2;
}
