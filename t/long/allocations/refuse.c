/*
 * refuse: preloaded, it counts what a process allocates and refuses some of it.
 *
 *	ALLOCATIONS_REPORT=FILE         where it writes what it sees, up to the first zero byte
 *	ALLOCATIONS=WHOSE,N,LASTING     refuses the Nth allocation (from 1) of a letter below; LASTING 1: all later ones
 *	ALLOCATIONS_OF_LIBCRYPTO=FROM,N the program's functions that libcrypto allocates with: from its start, size
 *
 * Lines of the report:
 *	o N                     one of ours, or that libc makes for us: the Nth of them
 *	c N                     one of another library, through our allocator or not, where its stack is new
 *	O N, C N                the same in child processes, which are counted together
 *	refused FRAME ...       the stack of the first that is refused; again before a crash, that of the last
 *	crash SIGNAL FRAME ...
 *
 * A FRAME is MODULE+OFFSET, innermost first. The report and the numbers are in shared memory: a child may have no right
 * to write a file.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <unistd.h>

#define FRAMES 40
#define STACKS 65536    /* a power of two */
#define REPORT (1 << 20)

enum { OURS, THEIRS, KINDS, PROCESSES = 2 };

static const char letters[] = "ocOC";   /* of each process, each kind */

struct shared {
	size_t n;                       /* bytes of the report */
	unsigned long count[PROCESSES * KINDS];
};

static void *(*real_malloc)(size_t);
static void *(*real_calloc)(size_t, size_t);
static void *(*real_realloc)(void *, size_t);
static void (*real_free)(void *);

static _Alignas(16) unsigned char early[65536]; /* for dlsym, before there is a malloc */
static size_t early_n;
static int busy;                /* this allocation is refuse.c's own */
static int on, child;
static void *program;            /* where the program begins in memory */
static int whose, lasting;      /* ALLOCATIONS */
static unsigned long wanted;
static struct shared *shared;
static char *report;
static void *last[FRAMES];      /* the stack of the last refusal */
static int last_n;
static unsigned long wrapper[2][2];     /* ALLOCATIONS_OF_LIBCRYPTO */
static uint64_t seen[STACKS];
static unsigned char stack_of_signals[65536];

static const char *
module_of(void *address, Dl_info *info)
{
	const char *name;

	if (dladdr(address, info) == 0)
		return "?";
	name = strrchr(info->dli_fname, '/');
	return name != NULL ? name + 1 : info->dli_fname;
}

static void
put_frames(const char *word, unsigned long number, void **frame, int n)
{
	char line[8192];
	size_t at = (size_t)sprintf(line, "%s", word), start;
	Dl_info info = { 0 };
	const char *name;
	int i;

	if (number > 0)
		at += (size_t)sprintf(line + at, " %lu", number);
	for (i = 0; i < n && at < sizeof line - 400; i++) {
		name = module_of(frame[i], &info);
		at += (size_t)sprintf(line + at, *name == '?' ? " ?" : " %.200s+0x%lx", name,
		    (unsigned long)frame[i] - (unsigned long)info.dli_fbase);
	}
	line[at++] = '\n';
	start = __atomic_fetch_add(&shared->n, at, __ATOMIC_RELAXED);
	if (start + at >= REPORT)
		_exit(125);
	memcpy(report + start, line, at);
}

static void
crashed(int sig)
{
	void *frame[FRAMES];
	int n;

	busy = 1;
	n = backtrace(frame, FRAMES);
	if (last_n > 0)
		put_frames("refused", 0, last, last_n);
	/* the first two frames are this library's and the kernel's */
	put_frames("crash", (unsigned long)sig, frame + 2, n > 2 ? n - 2 : 0);
	signal(sig, SIG_DFL);
	raise(sig);
}

static void
find_real(void)
{
	busy++;
	*(void **)&real_calloc = dlsym(RTLD_NEXT, "calloc");
	*(void **)&real_realloc = dlsym(RTLD_NEXT, "realloc");
	*(void **)&real_free = dlsym(RTLD_NEXT, "free");
	*(void **)&real_malloc = dlsym(RTLD_NEXT, "malloc");
	busy--;
}

static void
in_child(void)
{
	child = 1;
}

static void *
map(size_t n, int flags, int fd)
{
	void *p = mmap(NULL, n, PROT_READ | PROT_WRITE, flags, fd, 0);

	if (p == MAP_FAILED)
		_exit(125);
	return p;
}

static void
read_plan(const char *plan, const char *theirs)
{
	const char *letter = strchr(letters, *plan);

	if (letter == NULL || sscanf(plan + 1, ",%lu,%d", &wanted, &lasting) != 2)
		_exit(125);
	whose = (int)(letter - letters);
	if (theirs != NULL)
		sscanf(theirs, "%lu,%lu,%lu,%lu", &wrapper[0][0], &wrapper[0][1], &wrapper[1][0], &wrapper[1][1]);
}

static void
catch_crashes(void)
{
	const int crashes[] = { SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGTRAP, SIGSYS };
	struct sigaction act = { .sa_handler = crashed, .sa_flags = SA_ONSTACK };
	stack_t stack = { .ss_sp = stack_of_signals, .ss_size = sizeof stack_of_signals };
	size_t i;

	sigaltstack(&stack, NULL);
	for (i = 0; i < sizeof crashes / sizeof crashes[0]; i++)
		sigaction(crashes[i], &act, NULL);
}

__attribute__((constructor)) static void
begin(void)
{
	const char *plan = getenv("ALLOCATIONS"), *file = getenv("ALLOCATIONS_REPORT");
	void *frame[FRAMES];
	Dl_info info;
	int fd;

	if (file == NULL)
		return;
	busy = 1;
	if (real_malloc == NULL)
		find_real();
	busy = 1;
	fd = open(file, O_RDWR | O_CREAT | O_TRUNC, 0600);
	if (fd < 0 || ftruncate(fd, REPORT) != 0)
		_exit(125);
	report = map(REPORT, MAP_SHARED, fd);
	shared = map(sizeof *shared, MAP_SHARED | MAP_ANONYMOUS, -1);
	close(fd);
	read_plan(plan != NULL ? plan : "o,0,0", getenv("ALLOCATIONS_OF_LIBCRYPTO"));
	unsetenv("ALLOCATIONS");        /* not for programs that this one starts */
	unsetenv("ALLOCATIONS_REPORT");
	(void)backtrace(frame, FRAMES); /* its first call loads a library */
	program = dladdr((void *)getauxval(AT_ENTRY), &info) != 0 ? info.dli_fbase : NULL;
	catch_crashes();
	if (pthread_atfork(NULL, NULL, in_child) != 0)
		_exit(125);
	on = 1;
	busy = 0;
}

/* libc allocates on behalf of its caller. */
static int
kind_of(void *caller)
{
	void *frame[FRAMES];
	Dl_info info = { 0 };
	const char *name = module_of(caller, &info);
	unsigned long at = (unsigned long)caller - (unsigned long)info.dli_fbase;
	int i, n;

	for (i = 0; i < 2; i++)
		if (info.dli_fbase == program && at - wrapper[i][0] < wrapper[i][1])
			return THEIRS;
	if (strncmp(name, "libc.", 5) == 0) {
		n = backtrace(frame, FRAMES);
		for (i = 3; i < n && strncmp(name, "libc.", 5) == 0; i++)
			name = module_of(frame[i], &info);
	}
	return strncmp(name, "lib", 3) == 0 && strstr(name, ".so") != NULL ? THEIRS : OURS;
}

static int
is_new(void **frame, int n)
{
	uint64_t hash = 14695981039346656037u;
	size_t at;
	int i;

	for (i = 0; i < n; i++)
		hash = (hash ^ (uintptr_t)frame[i]) * 1099511628211u;
	for (at = hash % STACKS; seen[at] != 0 && seen[at] != hash; at = (at + 1) % STACKS)
		;
	if (seen[at] == hash)
		return 0;
	seen[at] = hash;
	return 1;
}

/* 1 if this allocation must be refused. */
static int
refused(void *caller)
{
	void *frame[FRAMES];
	unsigned long at;
	int kind, n, saved = errno, no = 0;

	if (real_malloc == NULL)
		find_real();
	if (!on || busy)
		return 0;
	busy = 1;
	kind = kind_of(caller) + child * KINDS;
	at = __atomic_add_fetch(&shared->count[kind], 1, __ATOMIC_RELAXED);
	if (wanted == 0) {
		n = backtrace(frame, FRAMES);
		if (kind % KINDS == OURS || is_new(frame + 2, n - 2))
			put_frames((char[]){ letters[kind], '\0' }, at, NULL, 0);
	} else if (kind == whose ? at == wanted || (lasting && at > wanted) : lasting && shared->count[whose] >= wanted) {
		no = 1;
		n = backtrace(frame, FRAMES);
		last_n = n > 2 ? n - 2 : 0;
		memcpy(last, frame + 2, (size_t)last_n * sizeof *last);
		if (kind == whose && at == wanted)
			put_frames("refused", 0, last, last_n);
	}
	busy = 0;
	errno = no ? ENOMEM : saved;
	return no;
}

static void *
early_room(size_t n)
{
	void *p = early + early_n;

	early_n += (n + 15) / 16 * 16;
	return early_n <= sizeof early ? p : NULL;
}

__attribute__((noinline)) void *
malloc(size_t n)
{
	if (real_malloc == NULL && busy)
		return early_room(n);
	return refused(__builtin_return_address(0)) ? NULL : real_malloc(n);
}

__attribute__((noinline)) void *
calloc(size_t n, size_t size)
{
	if (real_malloc == NULL && busy)
		return early_room(n * size);
	return refused(__builtin_return_address(0)) ? NULL : real_calloc(n, size);
}

static int
is_early(void *p)
{
	return (unsigned char *)p >= early && (unsigned char *)p < early + sizeof early;
}

__attribute__((noinline)) void *
realloc(void *p, size_t n)
{
	void *to;

	if (real_malloc == NULL)
		find_real();
	if (is_early(p)) {
		to = real_malloc(n);
		return to == NULL ? NULL : memcpy(to, p, n);
	}
	return refused(__builtin_return_address(0)) ? NULL : real_realloc(p, n);
}

__attribute__((noinline)) void *
reallocarray(void *p, size_t n, size_t size)
{
	if (size != 0 && n > SIZE_MAX / size) {
		errno = ENOMEM;
		return NULL;
	}
	return refused(__builtin_return_address(0)) ? NULL : real_realloc(p, n * size);
}

void
free(void *p)
{
	if (real_malloc == NULL)
		find_real();
	if (p != NULL && !is_early(p))
		real_free(p);
}
