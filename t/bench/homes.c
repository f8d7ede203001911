/*
 * homes: COUNT homes in the new folder DIR, each with .bashrc, .profile, and .ssh with
 * five files in it.
 *
 *	homes DIR COUNT
 *
 * In one of 500 there is something that sshd refuses: .ssh that its group may write to,
 * and in the next an authorized_keys that anybody may.
 */
#include <sys/stat.h>
#include <sys/types.h>

#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EVERY 500

static const char key[] =
"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl jane@lab.example\n";

static void
put_file(int dir, const char *name, mode_t mode, const char *text)
{
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL, mode);
	size_t n = strlen(text);

	if (fd == -1 || write(fd, text, n) != (ssize_t)n || close(fd) != 0)
		err(2, "%s", name);
}

static int
put_folder(int dir, const char *name, mode_t mode)
{
	int fd;

	if (mkdirat(dir, name, mode) != 0 || (fd = openat(dir, name, O_RDONLY | O_DIRECTORY)) == -1)
		err(2, "%s", name);
	return fd;
}

static void
put_home(int dir, unsigned long i)
{
	char name[32];
	int home, ssh;

	snprintf(name, sizeof name, "h%06lu", i);
	home = put_folder(dir, name, 0755);
	put_file(home, ".bashrc", 0644, "");
	put_file(home, ".profile", 0644, "");
	ssh = put_folder(home, ".ssh", i % EVERY == 0 ? 0770 : 0700);
	put_file(ssh, "authorized_keys", i % EVERY == 1 ? 0646 : 0600, key);
	put_file(ssh, "config", 0600, "");
	put_file(ssh, "id_ed25519", 0600, "");
	put_file(ssh, "id_ed25519.pub", 0644, key);
	put_file(ssh, "known_hosts", 0600, "");
	close(ssh);
	close(home);
}

int
main(int argc, char **argv)
{
	unsigned long i, n = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;
	int dir;

	if (argc != 3) {
		fputs("usage: homes DIR COUNT\n", stderr);
		return 2;
	}
	umask(0);
	dir = put_folder(AT_FDCWD, argv[1], 0755);
	for (i = 0; i < n; i++)
		put_home(dir, i);
	return 0;
}
