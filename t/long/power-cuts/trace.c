/*
 * trace: runs a command, and a hook after each of its system calls that changes or syncs a file of a directory.
 *
 *   trace [-n] DIRECTORY HOOK COMMAND [ARG ...]
 *
 * DIRECTORY is an absolute path without symbolic links. HOOK is run with the name of the call as its argument, while
 * the process that made the call is stopped. With -n the calls that sync do nothing, and return 0. The status is that
 * of COMMAND, 128 + N after signal N, or 125 if tracing or the hook failed. A relative path counts if the working
 * directory is in DIRECTORY.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define LENGTH(array) (sizeof(array) / sizeof *(array))
#define PAGE 4096       /* bytes, or a multiple */
#define ANY (-2)        /* the call has no argument that names a file */

/* fd and path: which arguments say what is changed; a path without fd is relative to the working directory. */
static const struct call {
	const char *name;
	int nr, fd, path, syncs;
} calls[] = {
#define CALL(name, fd, path, syncs) { #name, SYS_##name, fd, path, syncs }
	CALL(fsync, 0, -1, 1), CALL(fdatasync, 0, -1, 1), CALL(syncfs, 0, -1, 1), CALL(sync, ANY, -1, 1),
	CALL(sync_file_range, 0, -1, 1), CALL(write, 0, -1, 0), CALL(pwrite64, 0, -1, 0), CALL(writev, 0, -1, 0),
	CALL(sendfile, 0, -1, 0), CALL(copy_file_range, 2, -1, 0), CALL(ftruncate, 0, -1, 0), CALL(fchmod, 0, -1, 0),
	CALL(truncate, -1, 0, 0), CALL(openat, 0, 1, 0), CALL(mkdirat, 0, 1, 0), CALL(fchmodat, 0, 1, 0),
	CALL(unlinkat, 0, 1, 0), CALL(linkat, 2, 3, 0), CALL(symlinkat, 1, 2, 0), CALL(renameat2, 2, 3, 0),
#ifdef SYS_renameat
	CALL(renameat, 2, 3, 0),
#endif
#ifdef SYS_open         /* older machines have the calls without a directory, too */
	CALL(open, -1, 0, 0), CALL(creat, -1, 0, 0), CALL(mkdir, -1, 0, 0), CALL(chmod, -1, 0, 0), CALL(unlink, -1, 0, 0),
	CALL(rmdir, -1, 0, 0), CALL(link, -1, 1, 0), CALL(symlink, -1, 1, 0), CALL(rename, -1, 1, 0),
#endif
};

static const char *directory, *hook;

static void
die(const char *what)
{
	perror(what);
	exit(125);
}

/* Each call of the table stops; a syncing call under -n returns at once. */
static void
filter(int no_sync)
{
	struct sock_filter code[2 * LENGTH(calls) + 2] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	};
	struct sock_fprog program = { .len = LENGTH(code), .filter = code };
	size_t i;

	for (i = 0; i < LENGTH(calls); i++) {
		code[2 * i + 1] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)calls[i].nr, 0, 1);
		code[2 * i + 2] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K,
		    no_sync && calls[i].syncs ? SECCOMP_RET_ERRNO : SECCOMP_RET_TRACE);
	}
	code[2 * i + 1] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
		die("trace: seccomp");
}

/* Whether the path begins with the directory. */
static int
is_inside(const char *path)
{
	size_t n = strlen(directory);

	return strncmp(path, directory, n) == 0 && (path[n] == '/' || path[n] == '\0');
}

static int
link_is_inside(pid_t pid, const char *kind, int fd)
{
	char name[64], target[4096];
	ssize_t n;

	if (fd >= 0)
		(void)snprintf(name, sizeof name, "/proc/%d/fd/%d", (int)pid, fd);
	else
		(void)snprintf(name, sizeof name, "/proc/%d/%s", (int)pid, kind);
	if ((n = readlink(name, target, sizeof target - 1)) < 0)
		return 0;
	target[n] = '\0';
	return is_inside(target);
}

/* An open that creates and truncates nothing changes nothing. */
static int
only_opens(const struct call *call, const unsigned long long *arguments)
{
	if (strncmp(call->name, "open", 4) != 0)
		return 0;
	return (arguments[call->path + 1] & (O_CREAT | O_TRUNC | (O_TMPFILE & ~O_DIRECTORY))) == 0;
}

static int
concerns(pid_t pid, const struct call *call, const unsigned long long *arguments)
{
	char path[2 * PAGE + 1] = "";
	struct iovec here = { path, sizeof path - 1 }, there[2];
	int fd = call->fd >= 0 ? (int)arguments[call->fd] : AT_FDCWD;
	size_t start;

	if (call->fd == ANY)
		return 1;
	if (call->path < 0)
		return link_is_inside(pid, "cwd", fd);
	if (only_opens(call, arguments))
		return 0;
	/* the next page may be unmapped */
	start = (size_t)arguments[call->path];
	there[0] = (struct iovec){ (void *)start, PAGE - start % PAGE };
	there[1] = (struct iovec){ (void *)(start + there[0].iov_len), PAGE };
	if (process_vm_readv(pid, &here, 1, there, 2, 0) <= 0)
		die("trace: a path cannot be read");
	return *path == '/' ? is_inside(path) : link_is_inside(pid, "cwd", fd);
}

static void
run_hook(const char *name)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		execl(hook, hook, name, (char *)NULL);
		die(hook);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0) {
		(void)fprintf(stderr, "trace: the hook failed after %s\n", name);
		exit(125);
	}
}

/* The process is stopped before a call of the table. */
static void
at_call(pid_t pid)
{
	struct __ptrace_syscall_info info;
	const struct call *call = calls;
	unsigned long long arguments[6];
	int status;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof info, &info) <= 0)
		return;         /* killed */
	memcpy(arguments, info.seccomp.args, sizeof arguments);
	while ((unsigned)call->nr != info.seccomp.nr)
		call++;
	if (concerns(pid, call, arguments)) {
		if (ptrace(PTRACE_SYSCALL, pid, NULL, NULL) != 0 || waitpid(pid, &status, __WALL) != pid)
			die("trace: a call does not end");
		if (WIFSTOPPED(status))
			run_hook(call->name);
	}
	(void)ptrace(PTRACE_CONT, pid, NULL, NULL);
}

/* Returns the status of the first process, after all have ended. */
static int
follow(pid_t first)
{
	int status, event, sig, result = 125;
	pid_t pid;

	while ((pid = waitpid(-1, &status, __WALL)) > 0) {
		if (!WIFSTOPPED(status)) {
			if (pid == first)
				result = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
			continue;
		}
		event = status >> 16;
		sig = WSTOPSIG(status);
		if (event == PTRACE_EVENT_SECCOMP)
			at_call(pid);
		else if (event == PTRACE_EVENT_STOP && sig != SIGTRAP)
			(void)ptrace(PTRACE_LISTEN, pid, NULL, NULL);
		else
			(void)ptrace(PTRACE_CONT, pid, NULL, event != 0 ? 0 : (long)sig);
	}
	return result;
}

int
main(int argc, char **argv)
{
	const int no_sync = argc > 1 && strcmp(argv[1], "-n") == 0;
	const long options = PTRACE_O_TRACESECCOMP | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE |
	    PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD;
	int status;
	pid_t pid;

	argv += 1 + no_sync;
	if (argc - no_sync < 4) {
		(void)fputs("usage: trace [-n] DIRECTORY HOOK COMMAND [ARG ...]\n", stderr);
		return 125;
	}
	directory = argv[0];
	hook = argv[1];
	if ((pid = fork()) == 0) {
		(void)raise(SIGSTOP);
		filter(no_sync);
		execvp(argv[2], argv + 2);
		die(argv[2]);
	}
	if (pid < 0 || waitpid(pid, &status, WUNTRACED) != pid || ptrace(PTRACE_SEIZE, pid, NULL, options) != 0)
		die("trace");
	(void)kill(pid, SIGCONT);
	return follow(pid);
}
