/*
 * canary: tests whether a process that has ended normally still holds a secret in its memory.
 *
 * If it is built as a library (-DPRELOAD) and preloaded, it writes all writable memory of the process to the file
 * $CANARY_CORE when main returns or exit is called, before any cleanup, and again after it. With
 * CANARY_AT=fsync it writes the memory at the first fsync(2) instead, while a key is still in use: this shows that the
 * search works. It runs on a stack of its own, so that it does not overwrite traces of the secret.
 *
 *	canary scan SECRETS FILE ...
 *		looks in such files, or any others, for pieces of the secrets (lines "NAME HEX"). A piece is 12 bytes,
 *		forwards or backwards (as libcrypto holds numbers), or 16 characters of base64. Prints a line for
 *		each place; then the status is 1.
 *	canary leak none|heap|stack|static|mapped HEX
 *		leaves the secret in its memory in this way, and ends: the search must find it.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#define HEADER 256      /* bytes before each mapping: its line of /proc/self/maps */

#ifdef PRELOAD

static int (*real_main)(int, char **, char **);
static void (*real_exit)(int);
static int (*real_fsync)(int);
static ucontext_t dumper, caller;
static const char *when;
static int maps = -1, core = -1, at_fsync, left;
static char list[256 * 1024], stack[64 * 1024];

static void
copy(const char *line, unsigned long start, unsigned long end)
{
	static char header[HEADER];
	off_t at = lseek(core, 0, SEEK_CUR);
	size_t n = strcspn(line, "\n");
	unsigned long from = start;
	ssize_t wrote;

	memset(header, ' ', sizeof header);
	memcpy(header, line, n < HEADER - 16 ? n : HEADER - 16);
	memcpy(header + HEADER - 16, when, strlen(when));
	header[HEADER - 1] = '\n';
	if (write(core, header, sizeof header) != HEADER)
		_exit(99);
	while (from < end && (wrote = write(core, (void *)from, end - from)) > 0)
		from += (unsigned long)wrote;
	/* Memory that cannot be read becomes a hole. */
	if (lseek(core, at + HEADER + (off_t)(end - start), SEEK_SET) == -1)
		_exit(99);
}

static void
dump(void)
{
	char *line, *end;
	unsigned long from, to;
	size_t n = 0;
	ssize_t got;

	lseek(maps, 0, SEEK_SET);
	while (n < sizeof list - 1 && (got = read(maps, list + n, sizeof list - 1 - n)) > 0)
		n += (size_t)got;
	list[n] = '\0';
	for (line = list; *line != '\0'; line = strchr(line, '\n') + 1) {
		from = strtoul(line, &end, 16);
		to = strtoul(end + 1, &end, 16);
		if (end[1] == 'r' && end[2] == 'w')
			copy(line, from, to);
	}
	if (ftruncate(core, lseek(core, 0, SEEK_CUR)) != 0)
		_exit(99);
}

static void
dump_at(const char *point)
{
	if (core == -1 || left-- <= 0)
		return;
	when = point;
	getcontext(&dumper);
	dumper.uc_stack.ss_sp = stack;
	dumper.uc_stack.ss_size = sizeof stack;
	dumper.uc_link = &caller;
	makecontext(&dumper, dump, 0);
	swapcontext(&caller, &dumper);
}

__attribute__((constructor)) static void
prepare(void)
{
	const char *path = getenv("CANARY_CORE"), *at = getenv("CANARY_AT");

	*(void **)&real_exit = dlsym(RTLD_NEXT, "exit");
	*(void **)&real_fsync = dlsym(RTLD_NEXT, "fsync");
	at_fsync = at != NULL && strcmp(at, "fsync") == 0;
	left = at_fsync ? 1 : 2;
	maps = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
	if (path != NULL && maps != -1)
		core = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
}

__attribute__((destructor)) static void
finish(void)
{
	if (!at_fsync)
		dump_at("after exit");
}

static int
main_and_dump(int argc, char **argv, char **envp)
{
	int status = real_main(argc, argv, envp);

	if (!at_fsync)
		dump_at("at exit");
	return status;
}

typedef int start_main(int (*)(int, char **, char **), int, char **, void (*)(void), void (*)(void), void (*)(void),
    void *);

start_main __libc_start_main;

int
__libc_start_main(int (*main)(int, char **, char **), int argc, char **argv, void (*init)(void),
    void (*fini)(void), void (*rtld_fini)(void), void *stack_end)
{
	start_main *next;

	*(void **)&next = dlsym(RTLD_NEXT, "__libc_start_main");
	real_main = main;
	return next(main_and_dump, argc, argv, init, fini, rtld_fini, stack_end);
}

void
exit(int status)
{
	if (!at_fsync && left == 2)
		dump_at("at exit");
	real_exit(status);
	abort();
}

int
fsync(int fd)
{
	if (at_fsync)
		dump_at("at fsync");
	return real_fsync(fd);
}

#else

struct piece {
	const char *name, *how;
	unsigned char *bytes;   /* from here to the end of the secret */
	size_t n, window;       /* bytes there; bytes that must match */
	struct piece *next;
};

static struct piece *first[65536];      /* by the first two bytes */

static unsigned
start_of(const unsigned char *p)
{
	return (unsigned)p[0] << 8 | p[1];
}

static void *
need(void *p)
{
	if (p == NULL)
		exit(3);
	return p;
}

static void
add(const char *name, const char *how, const unsigned char *bytes, size_t n, size_t window)
{
	unsigned char *all = need(malloc(n + 1));
	struct piece *piece;
	size_t i;

	memcpy(all, bytes, n);
	for (i = 0; i + window <= n; i += 4) {
		piece = need(malloc(sizeof *piece));
		*piece = (struct piece){ name, how, all + i, n - i, window, first[start_of(all + i)] };
		first[start_of(all + i)] = piece;
	}
}

static void
add_base64(const char *name, const unsigned char *bytes, size_t n)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned char *text = need(malloc(n * 2));
	size_t at = 0;
	unsigned long three;
	int shift;

	for (; n >= 3; bytes += 3, n -= 3) {
		three = (unsigned long)bytes[0] << 16 | (unsigned long)bytes[1] << 8 | bytes[2];
		for (shift = 18; shift >= 0; shift -= 6)
			text[at++] = (unsigned char)digits[three >> shift & 63];
	}
	add(name, "base64", text, at, 16);
	free(text);
}

static size_t
from_hex(char *hex)
{
	unsigned char *to = (unsigned char *)hex;
	unsigned byte;
	size_t n = 0;

	while (sscanf(hex + 2 * n, "%2x", &byte) == 1)
		to[n++] = (unsigned char)byte;
	return n;
}

static void
add_secret(char *line)
{
	char *name = strtok(line, " \n"), *hex = strtok(NULL, " \n");
	unsigned char *bytes = (unsigned char *)hex, *back;
	size_t n, i;

	if (hex == NULL || (n = from_hex(hex)) < 12) {
		fprintf(stderr, "canary: %s: no secret of 12 bytes or more\n", name ? name : "");
		exit(2);
	}
	name = need(strdup(name));
	back = need(malloc(n));
	for (i = 0; i < n; i++)
		back[i] = bytes[n - 1 - i];
	add(name, "plain", bytes, n, 12);
	add(name, "backwards", back, n, 12);
	for (i = 0; i < 3; i++)
		add_base64(name, bytes + i, n - i);
	free(back);
}

static int
search(const char *file, const char *where, const unsigned char *p, size_t n)
{
	const struct piece *piece;
	size_t i, same;
	int found = 0;

	for (i = 0; i + 12 <= n; i++)
		for (piece = first[start_of(p + i)]; piece != NULL; piece = piece->next) {
			if (n - i < piece->window || memcmp(p + i, piece->bytes, piece->window) != 0)
				continue;
			for (same = piece->window; i + same < n && same < piece->n &&
			    p[i + same] == piece->bytes[same]; same++)
				;
			printf("%s: %zu bytes of %s (%s) at %zu of %s\n", file, same, piece->name, piece->how, i, where);
			found = 1;
			i += same - 1;
			break;
		}
	return found;
}

/* A core file is searched mapping by mapping, any other file as a whole. */
static int
scan(const char *file)
{
	unsigned char *all;
	unsigned long from, to;
	char line[HEADER];
	int fd = open(file, O_RDONLY), found = 0;
	off_t size = fd == -1 ? -1 : lseek(fd, 0, SEEK_END);
	size_t n, at = 0;

	n = size < 0 ? 0 : (size_t)size;
	all = n == 0 ? NULL : mmap(NULL, n, PROT_READ, MAP_PRIVATE, fd, 0);
	if (size < 0 || all == MAP_FAILED) {
		perror(file);
		exit(2);
	}
	while (n - at > HEADER) {
		memcpy(line, all + at, HEADER - 1);
		line[HEADER - 1] = '\0';
		if (sscanf(line, "%lx-%lx rw", &from, &to) != 2 || to - from > n - at - HEADER)
			break;
		found |= search(file, line, all + at + HEADER, to - from);
		at += HEADER + (to - from);
	}
	if (at < n)
		found |= search(file, "the file", all + at, n - at);
	if (n > 0)
		munmap(all, n);
	close(fd);
	return found;
}

static int
scan_all(char **argv)
{
	static char line[65536];
	FILE *f = fopen(argv[0], "r");
	int found = 0;

	if (f == NULL) {
		perror(argv[0]);
		return 2;
	}
	while (fgets(line, sizeof line, f) != NULL)
		add_secret(line);
	fclose(f);
	while (*++argv != NULL)
		found |= scan(*argv);
	return found;
}

static unsigned char kept[64];

/* Not memcpy: the compiler would remove it, because nothing reads the copy. */
static void
put(volatile unsigned char *to, const unsigned char *from, size_t n)
{
	while (n-- > 0)
		*to++ = *from++;
}

__attribute__((noinline)) static void
on_stack(const unsigned char *secret, size_t n)
{
	volatile unsigned char copy[4096];

	put(copy + 1024, secret, n);
}

static int
leak(const char *how, char *hex)
{
	static unsigned char secret[64];
	size_t n = from_hex(hex);
	unsigned char *p;

	n = n > 40 ? 40 : n;
	memcpy(secret, hex, n);
	explicit_bzero(hex, strlen(hex) + n);
	if (strcmp(how, "heap") == 0) {
		p = need(malloc(sizeof kept));
		put(p + 16, secret, n);         /* free() overwrites the first 16 bytes */
		free(p);
	} else if (strcmp(how, "stack") == 0)
		on_stack(secret, n);
	else if (strcmp(how, "static") == 0)
		put(kept, secret, n);
	else if (strcmp(how, "mapped") == 0) {
		p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		put(p, secret, n);
	}
	explicit_bzero(secret, sizeof secret);
	return 0;
}

int
main(int argc, char **argv)
{
	if (argc > 3 && strcmp(argv[1], "scan") == 0)
		return scan_all(argv + 2);
	if (argc == 4 && strcmp(argv[1], "leak") == 0)
		return leak(argv[2], argv[3]);
	fputs("usage: canary scan SECRETS FILE ... | leak HOW HEX\n", stderr);
	return 2;
}

#endif
