/* sftp-copy: files and trees over SFTP, spoken with a command's standard input and output. */
#include "die.h"
#include "escape.h"
#include "sftp_transfer.h"

#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char die_tool[] = "sftp-copy";

static const char usage[] =
"usage: xferkey sftp-copy [-dp] [-k LEVEL] [-l KBIT] -s SOURCE ... -t TARGET\n"
"                         put|get COMMAND [ARG ...]\n"
"\n"
"Copies files and trees to (put) or from (get) the SFTP server that COMMAND\n"
"reaches with its standard input and output, such as ssh JANE@HOST -s sftp.\n"
"\n"
"  -s SOURCE   what to copy; may be given again\n"
"  -t TARGET   the folder it goes to; for one SOURCE also its new name\n"
"  -d          make TARGET, a folder\n"
"  -k LEVEL    resume: 1 by size and time, 2 by samples too, 3 by every byte\n"
"  -l KBIT     at most so many thousand bits a second\n"
"  -p          show the progress on standard output\n"
"\n"
"Status: 0 copied, 1 not all of it, 2 nothing begun, 255 no connection.\n";

enum { STATUS_LOST = 255 };

struct run {
	struct sftp_copy copy;
	int status;
	struct timespec began, shown;
};

/* Static for the handler alone: a signal ends the command too. */
static struct sftp_channel channel;

static void
caught(int signal_number)
{
	if (channel.pid > 0)
		kill(channel.pid, SIGTERM);
	raise(signal_number);
}

static void
catch_signals(void)
{
	static const int numbers[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM };
	struct sigaction a = { 0 }, was;
	size_t i;

	a.sa_handler = caught;
	a.sa_flags = (int)SA_RESETHAND;
	for (i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
		if (sigaction(numbers[i], NULL, &was) == 0 && was.sa_handler != SIG_IGN)
			sigaction(numbers[i], &a, NULL);
	}
}

static double
since(const struct timespec *then, const struct timespec *now)
{
	return (double)(now->tv_sec - then->tv_sec) + (double)(now->tv_nsec - then->tv_nsec) / 1e9;
}

static void
file_failed(void *of, const char *path, const char *why)
{
	struct run *run = of;

	run->status = STATUS_NO;
	if (run->shown.tv_sec > 0 && puts("") >= 0)
		fflush(stdout);
	warn_line("%.1024s: %s", path, why);
}

/* One line of at most 79 columns, over and over. */
static void
show(struct run *run, const char *what, double percent, const char *end)
{
	struct buffer name = BUFFER_EMPTY;
	struct timespec now;
	double seconds, bits;

	clock_gettime(CLOCK_MONOTONIC, &now);
	seconds = since(&run->began, &now);
	bits = seconds > 0 ? (double)run->copy.bytes * 8 / seconds : 0;
	escape_put(&name, slice_str(what));
	printf("\r%-38.*s %3.0f%% %12.1f MB %9.1f Mb/s%s", name.n > 38 ? 38 : (int)name.n,
	    name.n > 0 ? (char *)name.p : "", percent, (double)run->copy.bytes / 1e6, bits / 1e6, end);
	fflush(stdout);
	buffer_free(&name);
}

static void
progress(void *of, const struct sftp_copy *copy)
{
	struct run *run = of;
	struct sftp_copy_progress p;
	struct timespec now;
	const char *slash;

	clock_gettime(CLOCK_MONOTONIC, &now);
	if (since(&run->shown, &now) < 0.2 || !sftp_copy_now(copy, &p))
		return;
	run->shown = now;
	slash = strrchr(p.name, '/');
	show(run, slash != NULL ? slash + 1 : p.name,
	    p.size > 0 ? (double)p.done * 100 / (double)p.size : 100, "");
}

static unsigned long
number(int letter, const char *word, unsigned long max)
{
	char *rest;
	unsigned long n = strtoul(word, &rest, 10);

	if (*word < '0' || *word > '9' || *rest != '\0' || n > max)
		die("-%c %.100s: not a number from 0 to %lu", letter, word, max);
	return n;
}

static void
options(int argc, char **argv, struct run *run, struct sftp_transfer *t)
{
	size_t sources = 0;
	int c;

	while ((c = getopt(argc, argv, "+:dhk:l:ps:t:")) != -1) {
		switch (c) {
		case 'd': t->make = 1; break;
		case 'k': t->resume = (int)number(c, optarg, 3); break;
		case 'l': run->copy.rate.rate = number(c, optarg, 1000000000) * 125; break;
		case 'p': run->copy.progress = progress; break;
		case 's': t->source[sources++] = optarg; break;
		case 't': t->target = *optarg == '\0' ? "." : optarg; break;
		default: die_option(c, usage);
		}
	}
	if (sources == 0 || t->target == NULL)
		die("a source and a target are wanted (-s, -t)");
	if (argc - optind < 2)
		die("put or get, and the command to speak with");
	run->copy.upload = strcmp(argv[optind], "put") == 0;
	if (!run->copy.upload && strcmp(argv[optind], "get") != 0)
		die("%.100s: neither put nor get", argv[optind]);
}

/* None of what is opened may be in the place of a closed standard stream. */
static void
open_streams(void)
{
	int fd;

	while ((fd = open("/dev/null", O_RDWR)) >= 0 && fd <= 2)
		continue;
	close(fd);
}

int
main(int argc, char **argv)
{
	struct run run = { .copy = { .channel = &channel, .failed = file_failed } };
	struct sftp_transfer t = { NULL, NULL, 0, 0, 0 };
	char total[64];

	if ((t.source = calloc((size_t)argc + 1, sizeof *t.source)) == NULL)
		die("out of memory");
	run.copy.of = &run;
	options(argc, argv, &run, &t);
	argv += optind;
	open_streams();
	catch_signals();
	clock_gettime(CLOCK_MONOTONIC, &run.began);
	if (sftp_channel_open(&channel, argv + 1) == 0) {
		sftp_copy_begin(&run.copy);
		if (sftp_transfer_run(&t, &run.copy) != 0)
			run.status = STATUS_TROUBLE;
	}
	if (channel.fault != NULL) {
		warn_line("%.100s: %s", argv[1], channel.fault);
		run.status = STATUS_LOST;
	}
	if (run.copy.times_refused && run.status == STATUS_YES)
		warn_line("the server does not keep all modes and times");
	snprintf(total, sizeof total, "%" PRIu64 " sent, %" PRIu64 " there already", run.copy.files, t.there);
	if (run.copy.progress != NULL && run.status == STATUS_YES)
		show(&run, total, 100, "\n");
	else if (run.copy.progress != NULL && run.status != STATUS_TROUBLE)
		printf("\r%-79.79s\n", total);
	sftp_channel_close(&channel);
	free(t.source);
	exit(run.status);
}
