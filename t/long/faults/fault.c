/*
 * fault: runs a command, and makes one chosen system call of all its processes fail, or kills there.
 *
 *	fault [-n N] [-e ERRNO] [-k one|all] [-N M] [-c CALL,...] [-t SECONDS] [-s SECRETS] [-d DIRECTORY] [-o REPORT]
 *	      -- COMMAND [ARG ...]
 *
 * It counts the calls of the table below, or of -c, in the order in which the processes make them, from the first
 * execve on. (dup2 is not one of them: with open descriptors it does not fail, and dash does not look.) -n: call N is
 * not made, and returns the error of -e (a close is made); or its process (-k one), or all processes (-k all), are
 * killed before it. -N: the same once more, M calls later; with both -e and -k, the second one kills. Without -n it
 * only counts.
 *
 * -s: each line of SECRETS is looked for in the arguments and the environment of each program that starts, and of all
 * processes at each fault. -d: at each fault, and at the end, no file below DIRECTORY that others can open, or could
 * earlier, has one. Without -n both are looked at before each call that may change something.
 *
 * REPORT gets lines: "fault N CALL OBJECT PROGRAM", "leak ...", "exposed FILE MODE", "hang", and last "points N". The
 * status is that of the command, 128 and the signal, 124 if a process was left after -t SECONDS (10), or 125.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef __x86_64__
#error "the registers are those of x86-64"
#endif

#define FIRST(name) { #name, SYS_##name, 'p', 0 }       /* its first argument is a path */
#define SECOND(name) { #name, SYS_##name, 'q', 0 }      /* the second */
#define FILE_OF(name) { #name, SYS_##name, 'f', 0 }     /* the first is a descriptor */
#define OTHER(name) { #name, SYS_##name, '-', 0 }

static struct call {
	const char *name;
	int number;
	char object, chosen;
} calls[] = {
	FIRST(open), SECOND(openat), SECOND(openat2), FIRST(creat), FILE_OF(read), FILE_OF(pread64), FILE_OF(readv),
	FILE_OF(write), FILE_OF(pwrite64), FILE_OF(writev), FILE_OF(close), FILE_OF(fsync), FILE_OF(fdatasync),
	OTHER(sync), FILE_OF(syncfs), FILE_OF(ftruncate), FILE_OF(flock), FILE_OF(lseek), FIRST(link), SECOND(linkat),
	FIRST(symlink), FIRST(symlinkat), FIRST(rename), SECOND(renameat), SECOND(renameat2), FIRST(unlink),
	SECOND(unlinkat), FIRST(mkdir), SECOND(mkdirat), FIRST(rmdir), FIRST(mknod), SECOND(mknodat), FIRST(chmod),
	SECOND(fchmodat), FILE_OF(fchmod), FILE_OF(fchown), SECOND(fchownat), SECOND(utimensat), FIRST(readlink),
	SECOND(readlinkat), FIRST(stat), FIRST(lstat), FILE_OF(fstat), SECOND(newfstatat), SECOND(statx), FIRST(access),
	SECOND(faccessat), SECOND(faccessat2), FILE_OF(getdents64), FILE_OF(fgetxattr), FILE_OF(fsetxattr),
	FILE_OF(fremovexattr), OTHER(copy_file_range), OTHER(sendfile), FIRST(chdir), FILE_OF(fchdir), OTHER(getcwd),
	OTHER(fork), OTHER(vfork), OTHER(clone), OTHER(clone3), FIRST(execve), SECOND(execveat), OTHER(pipe), OTHER(pipe2),
	FILE_OF(dup), FILE_OF(fcntl), OTHER(getrandom), OTHER(mmap),
};

#define CALLS (sizeof calls / sizeof calls[0])
#define TRACEES 65536

static unsigned long points, next_fault, gap;
static int error, kill_one, kill_all, only_counts, second, ended;
static pid_t tracees[TRACEES];
static size_t n_tracees;
static char *secrets[64];
static size_t n_secrets;
static const char *directory;
static struct statx opened[4096];
static size_t n_open;
static FILE *report;
static char bytes[256 * 1024];

static void
on_alarm(int signal)
{
	(void)signal;
	ended = 1;
}

/* Drops the process from the table, or moves it to the end. */
static void
keep(pid_t pid, int is_there)
{
	size_t i;

	for (i = 0; i < n_tracees; i++)
		if (tracees[i] == pid)
			tracees[i] = tracees[--n_tracees];
	if (is_there && n_tracees < TRACEES)
		tracees[n_tracees++] = pid;
}

/* one: this process; 0: all. */
static void
end(pid_t one)
{
	size_t i;

	for (i = 0; i < n_tracees; i++)
		if (one == 0 || one == tracees[i])
			kill(tracees[i], SIGKILL);
}

/* Reads the beginning of the file into bytes, and returns the number of them. */
static size_t
read_bytes(const char *path)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	ssize_t got;
	size_t n = 0;

	while (fd >= 0 && n < sizeof bytes && (got = read(fd, bytes + n, sizeof bytes - n)) > 0)
		n += (size_t)got;
	if (fd >= 0)
		close(fd);
	return n;
}

static int
has_secret(size_t n)
{
	size_t i;

	for (i = 0; i < n_secrets && memmem(bytes, n, secrets[i], strlen(secrets[i])) == NULL; i++)
		;
	return i < n_secrets;
}

static void
look_at_process(pid_t pid)
{
	static const char *const names[] = { "cmdline", "environ" };
	char path[64];
	size_t i;

	for (i = 0; i < 2; i++) {
		snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, names[i]);
		if (n_secrets > 0 && has_secret(read_bytes(path)))
			fprintf(report, "leak %s before call %lu\n", names[i], points);
	}
}

/* Whether others can open the file now, or could when it was looked at before: who had it open then reads on. */
static int
is_open(const char *path, const struct stat *st)
{
	struct statx now;
	size_t i;

	if (statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, STATX_INO | STATX_BTIME, &now) != 0)
		return (st->st_mode & 077) != 0;
	for (i = 0; i < n_open; i++)
		if (now.stx_ino == opened[i].stx_ino && now.stx_btime.tv_sec == opened[i].stx_btime.tv_sec &&
		    now.stx_btime.tv_nsec == opened[i].stx_btime.tv_nsec)
			return 1;
	if ((st->st_mode & 077) == 0)
		return 0;
	if (n_open == sizeof opened / sizeof opened[0])
		errx(125, "too many files that others can open");
	opened[n_open++] = now;
	return 1;
}

static int
look_at_file(const char *path, const struct stat *st, int type)
{
	if (type == FTW_F && S_ISREG(st->st_mode) && is_open(path, st) && has_secret(read_bytes(path)))
		fprintf(report, "exposed %s %o before call %lu\n", path, st->st_mode & 07777, points);
	return 0;
}

static void
look(void)
{
	size_t i;

	for (i = 0; i < n_tracees; i++)
		look_at_process(tracees[i]);
	if (directory != NULL)
		ftw(directory, look_at_file, 16);
}

/* Reports the call, with its path, or the file of its descriptor, and the program. */
static void
note(pid_t pid, const struct call *call, const struct user_regs_struct *regs)
{
	char path[64], text[4096] = { '-' }, program[4096] = { 0 };
	struct iovec to = { text, 255 }, from = { (void *)(call->object == 'p' ? regs->rdi : regs->rsi), 255 };

	snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)pid, (int)regs->rdi);
	if (call->object == 'f')
		(void)!readlink(path, text, sizeof text - 1);
	else if (call->object != '-')
		(void)!process_vm_readv(pid, &to, 1, &from, 1, 0);
	text[strcspn(text, "\n")] = '\0';
	snprintf(path, sizeof path, "/proc/%d/exe", (int)pid);
	(void)!readlink(path, program, sizeof program - 1);
	fprintf(report, "fault %lu %s %s %s\n", points, call->name, text, program);
}

static void
answer(pid_t pid, struct user_regs_struct *regs)
{
	regs->orig_rax = (unsigned long long)-1;
	regs->rax = (unsigned long long)-error;
	ptrace(PTRACE_SETREGS, pid, NULL, regs);
}

/* Returns the request with which the process goes on. */
static enum __ptrace_request
inject(pid_t pid, const struct call *call, struct user_regs_struct *regs)
{
	const int kills = (kill_one || kill_all) && (error == 0 || second);

	look();
	note(pid, call, regs);
	next_fault = second ? 0 : points + gap;
	second = 1;
	if (kills)
		end(kill_all ? 0 : pid);
	else if (call->number == SYS_close)
		return PTRACE_SYSCALL;
	else
		answer(pid, regs);
	return PTRACE_CONT;
}

/* Of fcntl only what makes a descriptor is counted. What a call that changes nothing leaves need not be looked at. */
static enum __ptrace_request
at_call(pid_t pid)
{
	struct user_regs_struct regs;
	size_t i;

	if (ptrace(PTRACE_GETREGS, pid, NULL, &regs) != 0)
		return PTRACE_CONT;
	for (i = 0; i < CALLS - 1 && calls[i].number != (int)regs.orig_rax; i++)
		;
	if (calls[i].number == SYS_fcntl && regs.rsi != F_DUPFD && regs.rsi != F_DUPFD_CLOEXEC)
		return PTRACE_CONT;
	points++;
	if (only_counts && calls[i].number != SYS_read && calls[i].number != SYS_mmap && calls[i].number != SYS_newfstatat)
		look();
	return points == next_fault ? inject(pid, &calls[i], &regs) : PTRACE_CONT;
}

static void
go_on(pid_t pid, int status)
{
	const int event = status >> 16;
	const int signal = WSTOPSIG(status);
	enum __ptrace_request request = PTRACE_CONT;
	struct user_regs_struct regs;
	unsigned long child;

	keep(pid, 1);
	if (event == PTRACE_EVENT_SECCOMP)
		request = at_call(pid);
	else if (event == PTRACE_EVENT_EXEC)
		look_at_process(pid);
	else if (event == PTRACE_EVENT_STOP && signal != SIGTRAP)
		request = PTRACE_LISTEN;
	else if (signal == (SIGTRAP | 0x80) && ptrace(PTRACE_GETREGS, pid, NULL, &regs) == 0)
		answer(pid, &regs);     /* after a close */
	else if (event != 0 && event != PTRACE_EVENT_STOP && ptrace(PTRACE_GETEVENTMSG, pid, NULL, &child) == 0)
		keep((pid_t)child, 1);
	ptrace(request, pid, NULL, event == 0 && signal != (SIGTRAP | 0x80) ? signal : 0);
}

/* Waits for all processes; returns the status of the first. */
static int
follow(pid_t first)
{
	int status, result = 125;
	pid_t pid;

	for (;;) {
		if ((pid = waitpid(-1, &status, __WALL)) < 0) {
			if (errno != EINTR)
				return ended ? 124 : result;
		} else if (WIFSTOPPED(status))
			go_on(pid, status);
		else {
			keep(pid, 0);
			if (pid == first)
				result = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
		}
		if (ended)
			end(0);
	}
}

/* Stops only for the chosen calls. */
static void
filter(void)
{
	struct sock_filter code[2 * CALLS + 2] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr))
	};
	struct sock_fprog program = { 1, code };
	size_t i;

	for (i = 0; i < CALLS; i++) {
		if (!calls[i].chosen)
			continue;
		code[program.len++] =
		    (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)calls[i].number, 0, 1);
		code[program.len++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE);
	}
	code[program.len++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
		err(125, "seccomp");
}

/* The first stop is that of execve, so that nothing before it counts. */
static pid_t
start(char **command)
{
	const long options = PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC |
	    PTRACE_O_EXITKILL | PTRACE_O_TRACESECCOMP | PTRACE_O_TRACESYSGOOD;
	int go[2];
	pid_t pid;
	char c;

	if (pipe(go) != 0 || (pid = fork()) < 0)
		err(125, "fork");
	if (pid == 0) {
		close(go[1]);
		if (read(go[0], &c, 1) == 1)
			close(go[0]);
		filter();
		execvp(command[0], command);
		err(125, "%s", command[0]);
	}
	close(go[0]);
	if (ptrace(PTRACE_SEIZE, pid, NULL, (void *)options) != 0 || write(go[1], "", 1) != 1)
		err(125, "ptrace");
	close(go[1]);
	return pid;
}

static void
choose(const char *names)
{
	char all[4096], name[64];
	size_t i;

	snprintf(all, sizeof all, ",%s,", names);
	for (i = 0; i < CALLS; i++) {
		snprintf(name, sizeof name, ",%s,", calls[i].name);
		calls[i].chosen = *names == '\0' || strstr(all, name) != NULL;
	}
}

static void
read_secrets(const char *path)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t n;
	FILE *f = fopen(path, "re");

	while (f != NULL && (n = getline(&line, &room, f)) > 8 && n_secrets < sizeof secrets / sizeof secrets[0])
		secrets[n_secrets++] = strndup(line, (size_t)n - 1);
	if (f == NULL || !feof(f))
		errx(125, "%s: cannot read, or a secret of less than 8 characters, or too many", path);
	free(line);
	fclose(f);
}

static int
error_number(const char *name)
{
	int number = 134;       /* one more than Linux has */

	while (--number > 0 && (strerrorname_np(number) == NULL || strcmp(strerrorname_np(number), name) != 0))
		;
	return number;
}

int
main(int argc, char **argv)
{
	struct itimerval limit = { { 0, 100000 }, { 10, 0 } };
	struct sigaction alarm = { .sa_handler = on_alarm };
	int option, status;

	report = stdout;
	choose("");
	while ((option = getopt(argc, argv, "+n:e:k:N:c:t:s:d:o:")) != -1)
		switch (option) {
		case 'n': next_fault = strtoul(optarg, NULL, 10); break;
		case 'N': gap = strtoul(optarg, NULL, 10); break;
		case 'e': error = error_number(optarg); break;
		case 'k': *(strcmp(optarg, "all") == 0 ? &kill_all : &kill_one) = 1; break;
		case 'c': choose(optarg); break;
		case 't': limit.it_value.tv_sec = atol(optarg); break;
		case 's': read_secrets(optarg); break;
		case 'd': directory = optarg; break;
		case 'o': report = fopen(optarg, "we"); break;
		default: return 125;
		}
	only_counts = next_fault == 0;
	if (optind == argc || report == NULL || (!only_counts && error == 0 && !kill_one && !kill_all))
		errx(125, "usage: fault [-n N -e ERRNO|-k one|all] [OPTIONS] -- COMMAND [ARG ...]");
	sigaction(SIGALRM, &alarm, NULL);
	setitimer(ITIMER_REAL, &limit, NULL);
	status = follow(start(argv + optind));
	look();
	fprintf(report, "%spoints %lu\n", status == 124 ? "hang\n" : "", points);
	return fclose(report) == 0 ? status : 125;
}
