/*
 * permcheck-trees: random homes for t/permcheck-trees, to be run as root.
 *
 *	permcheck-trees ETC DIR N SEED KEY1 KEY2
 *
 * Appends the accounts t1 to tN, with groups that are theirs or not, to the passwd,
 * group and shadow files in the folder ETC, makes their homes below DIR, and prints
 * a line "NAME<tab>HOME" for each. KEY1 and KEY2 are the lines that their
 * authorized_keys and authorized_keys2 hold. u1 (t/accounts) is the third party.
 * Files and links may be anything; what cannot be made for another's sake is left out.
 */
#define _DEFAULT_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { THIRD = 200001, FIRST = 300000, EXTRA = 400000, OTHER = 500000, NO_GROUP = 64999 };
enum { TEXT = 1024 };

struct tree {
	unsigned i;
	uid_t uid;
	gid_t gid, extra;
};

static uint64_t state;
static const char *dir;
static FILE *passwd, *group, *shadow;

/* splitmix64, as a number below n. */
static unsigned
below(unsigned n)
{
	uint64_t z = state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return (unsigned)((z ^ z >> 31) % n);
}

static void
die(const char *what)
{
	fprintf(stderr, "permcheck-trees: %s: %s\n", what, strerror(errno));
	exit(2);
}

/* Whether it was done, or could not be for another tree's sake. */
static int
did(int ret, const char *path)
{
	if (ret == -1 && errno != EEXIST && errno != ENOENT && errno != ENOTDIR && errno != ELOOP &&
	    errno != EPERM)
		die(path);
	return ret != -1;
}

static const char *
text(char to[TEXT], const char *format, ...) __attribute__((format(printf, 2, 3)));

static const char *
text(char to[TEXT], const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	if (vsnprintf(to, TEXT, format, ap) >= TEXT)
		die("a path is too long");
	va_end(ap);
	return to;
}

static void
put_entry(unsigned char **p, unsigned tag, unsigned bits, unsigned long id)
{
	const unsigned char entry[8] = {
		(unsigned char)tag, 0, (unsigned char)bits, 0, (unsigned char)id,
		(unsigned char)(id >> 8), (unsigned char)(id >> 16), (unsigned char)(id >> 24),
	};

	memcpy(*p, entry, sizeof entry);
	*p += sizeof entry;
}

/* An ACL that names somebody, for an object of this mode. */
static void
set_acl(const struct tree *t, const char *path, unsigned mode)
{
	static const uid_t named[] = { THIRD, 65534 };
	unsigned char acl[64] = { 2 }, *p = acl + 4;
	uid_t user = below(3) == 0 ? t->uid : named[below(2)];

	put_entry(&p, 0x01, mode >> 6 & 7, 0xffffffff);
	put_entry(&p, 0x02, below(2) ? 7 : below(8), user);
	put_entry(&p, 0x04, mode >> 3 & 7, 0xffffffff);
	if (below(3) == 0)
		put_entry(&p, 0x08, below(8), below(2) ? t->extra : THIRD);
	put_entry(&p, 0x10, below(2) ? 7 : below(8), 0xffffffff);
	put_entry(&p, 0x20, mode & 7, 0xffffffff);
	if (setxattr(path, "system.posix_acl_access", acl, (size_t)(p - acl), 0) == -1)
		die(path);
}

static gid_t
any_group(const struct tree *t)
{
	const gid_t one[] = { 0, t->extra, t->extra, t->extra, THIRD, NO_GROUP };

	return one[below(sizeof one / sizeof one[0])];
}

static unsigned
any_mode(unsigned usual)
{
	static const unsigned one[] = {
		01777, 0777, 02755, 02775, 01755, 0770, 0702, 0711, 0750, 0, 0600, 0044, 0055, 0022, 0666,
	};

	return below(3) == 0 ? usual | 020 : below(4) == 0 ? below(010000) :
	    one[below(sizeof one / sizeof one[0])];
}

/* Owner, group and mode: as they usually are, or with one or two of them odd. */
static void
dress(const struct tree *t, const char *path, unsigned usual)
{
	uid_t owner = t->uid;
	gid_t gid = t->gid;
	unsigned mode = usual, times = 1 + (below(4) == 0), acl = 0;

	while (times-- > 0)
		switch (below(24)) {
		case 0: owner = 0, mode |= below(3) == 0 ? 0 : 055; break;
		case 1: owner = THIRD, mode |= 055; break;
		case 2: mode |= 020; break;
		case 3: mode |= 020, gid = any_group(t); break;
		case 4: gid = any_group(t), owner = 0, mode = usual | below(2) * 040 | below(2) * 4; break;
		case 5: mode = any_mode(usual); break;
		case 6: acl = 1; break;
		default: break;
		}
	if (chown(path, owner, gid) == -1 || chmod(path, mode) == -1)
		die(path);
	if (acl)
		set_acl(t, path, mode);
}

static int
make_folder(const struct tree *t, const char *path, unsigned mode)
{
	int made = did(mkdir(path, 0700), path);

	if (made)
		dress(t, path, mode);
	return made;
}

static void
make_text(const struct tree *t, const char *path, const char *line)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
	size_t n = strlen(line);

	if (!did(fd, path))
		return;
	if (write(fd, line, n) != (ssize_t)n || close(fd) == -1)
		die(path);
	dress(t, path, 0600);
}

static void
make_fifo(const struct tree *t, const char *path)
{
	if (did(mkfifo(path, 0600), path))
		dress(t, path, 0600);
}

/* An earlier tree, where there is one. */
static unsigned
any_other(const struct tree *t)
{
	return t->i > 1 ? 1 + below(t->i - 1) : 1;
}

/* A folder of the tree's own that it may not be able to enter. */
static void
make_shut(const struct tree *t, char to[TEXT], const char *what)
{
	text(to, "%s/d/t%u/shut-%s", dir, t->i, what);
	if (!did(mkdir(to, 0700), to))
		return;
	if (below(2) && (chown(to, t->uid, t->gid) == -1 || chmod(to, below(2) ? 0 : 0600) == -1))
		die(to);
}

/* authorized_keys as a link, or as a second name of another tree's. */
static void
make_link(const struct tree *t, const char *path, const char *name, const char *line)
{
	char to[TEXT];

	switch (below(14)) {
	case 0: case 1:
		make_text(t, text(to, "%s/d/t%u/%s", dir, t->i, name), line);
		break;
	case 2:
		make_text(t, text(to, "%s/h/t%u/%s", dir, t->i, name), line);
		text(to, "../%s", name);
		break;
	case 3:
		text(to, "%s/h/t%u/.ssh/%s", dir, any_other(t), name);
		break;
	case 4:
		text(to, "%s/none", below(2) ? "." : dir);
		break;
	case 5:
		text(to, "%s", name);
		break;
	case 6:
		text(to, "/dev/null");
		break;
	case 7:
		text(to, "/etc/passwd/none");
		break;
	case 8:
		make_text(t, text(to, "%s/tmp/%u-%s", dir, t->i, name), line);
		break;
	case 9:
		text(to, "%s/h/t%u/.ssh/%s", dir, any_other(t), name);
		did(linkat(AT_FDCWD, to, AT_FDCWD, path, 0), path);
		return;
	default:
		make_shut(t, to, name);
		strcat(to, "/k");
		if (below(3))
			make_text(t, to, line);
		break;
	}
	did(symlink(to, path), path);
}

static void
make_list(const struct tree *t, const char *ssh, const char *name, const char *line)
{
	char path[TEXT];

	text(path, "%s/%s", ssh, name);
	switch (below(30)) {
	case 0:
		break;
	case 1:
		make_text(t, path, "");
		break;
	case 2:
		make_folder(t, path, 0700);
		break;
	case 3:
		make_fifo(t, path);
		break;
	case 4: case 5: case 6: case 7: case 8: case 9: case 10: case 11: case 12: case 13:
		make_link(t, path, name, line);
		break;
	default:
		make_text(t, path, line);
		break;
	}
}

/* Makes .ssh in the home; where its files are to be made goes to ssh, or "". */
static void
make_ssh(const struct tree *t, const char *home, char ssh[TEXT])
{
	char path[TEXT], to[TEXT];

	text(path, "%s/.ssh", home);
	text(ssh, "%s", "");
	switch (below(28)) {
	case 0:
		return;
	case 1: case 2:
		text(ssh, "%s/d/t%u/ssh", dir, t->i);
		break;
	case 3:
		text(ssh, "%s/h/t%u/real", dir, t->i);
		make_folder(t, ssh, 0700);
		did(symlink("real", path), path);
		return;
	case 4:
		did(symlink(text(to, "%s/h/t%u/.ssh", dir, any_other(t)), path), path);
		return;
	case 5:
		did(symlink("none", path), path);
		return;
	case 6:
		did(symlink(".ssh", path), path);
		return;
	case 7:
		make_text(t, path, "");
		return;
	case 8:
		make_fifo(t, path);
		return;
	case 9:
		text(ssh, "%s/tmp/t%u", dir, t->i);
		break;
	case 10:
		make_shut(t, to, "ssh");
		text(ssh, "%s/ssh", to);
		break;
	default:
		make_folder(t, text(ssh, "%s", path), 0700);
		return;
	}
	make_folder(t, ssh, 0700);
	did(symlink(ssh, path), path);
}

/* Makes the home; its name in passwd goes to home. */
static void
make_home(const struct tree *t, char home[TEXT])
{
	char to[TEXT], above[TEXT];

	text(home, "%s/h/t%u", dir, t->i);
	switch (below(24)) {
	case 0:
		break;
	case 1: case 2:
		make_folder(t, text(to, "%s/d/t%u/home", dir, t->i), 0755);
		did(symlink(below(2) ? to : text(above, "../d/t%u/home", t->i), home), home);
		break;
	case 3:
		make_folder(t, text(home, "%s/tmp/h%u", dir, t->i), 0755);
		break;
	case 4: case 5:
		make_folder(t, text(above, "%s/d/t%u/above", dir, t->i), 0755);
		make_folder(t, text(home, "%s/home", above), 0755);
		break;
	case 6:
		text(home, "%s/h/t%u", dir, any_other(t));
		break;
	default:
		make_folder(t, home, 0755);
		break;
	}
}

static const char *
odd_spelling(const struct tree *t, char to[TEXT], const char *home)
{
	const char *name = strrchr(home, '/');
	int n = (int)(name - home);

	switch (below(24)) {
	case 0: return text(to, "%s/", home);
	case 1: return text(to, "%.*s/%s", n, home, name);
	case 2: return text(to, "%.*s/.%s", n, home, name);
	case 3: return text(to, "%s/h/../%s", dir, home + strlen(dir) + 1);
	case 4: return text(to, "%s/d/t%u/../../%s", dir, t->i, home + strlen(dir) + 1);
	default: return text(to, "%s", home);
	}
}

static void
put_account(const char *prefix, const struct tree *t, uid_t uid, gid_t gid, const char *home)
{
	fprintf(passwd, "%s%u:x:%lu:%lu::%s:/bin/true\n", prefix, t->i, (unsigned long)uid,
	    (unsigned long)gid, home);
	fprintf(shadow, "%s%u:*:20000:0:99999:7:::\n", prefix, t->i);
}

static void
put_group(const char *prefix, const struct tree *t, gid_t gid, const char *members)
{
	fprintf(group, "%s%u:x:%lu:%s\n", prefix, t->i, (unsigned long)gid, members);
}

/* A group of nobody's own, or a second row of the account's; one gid may have two rows. */
static void
put_any_group(const struct tree *t, const char *prefix, gid_t gid)
{
	char me[TEXT], both[TEXT];
	const char *const members[] = {
		"", text(me, "t%u", t->i), text(both, "t%u,u1", t->i), "u1", "", me,
	};

	put_group(prefix, t, gid, members[below(sizeof members / sizeof members[0])]);
}

/* The account and its groups: mostly one row each, of nobody else. */
static void
put_rows(const struct tree *t, const char *home)
{
	const unsigned kind = below(16);
	char prefix[TEXT];

	if (kind == 0)                  /* an alias of the same uid, which may come first */
		put_account("a", t, t->uid, below(2) ? t->gid : t->extra, home);
	put_account("t", t, t->uid, t->gid, home);
	if (kind == 1)
		put_account("a", t, t->uid, t->gid, home);
	if (kind == 2)                  /* another in the same group */
		put_account("o", t, OTHER + t->i, t->gid, "/none");
	if (kind == 3)                  /* the name again, which nobody sees */
		put_account("t", t, OTHER + t->i, below(2) ? t->extra : t->gid, "/none");
	if (kind == 4 || kind == 0)
		put_group("t", t, t->gid, text(prefix, below(2) ? "t%u" : "a%u", t->i));
	else if (kind < 8)
		put_any_group(t, "t", t->gid);
	else if (kind > 8)
		put_group("t", t, t->gid, "");
	if (kind == 5 || below(6) == 0)
		put_any_group(t, "s", t->gid);
	put_any_group(t, "g", t->extra);
	if (below(4) == 0)
		put_any_group(t, "f", t->extra);
}

static void
make_tree(unsigned i, const char *const line[2])
{
	const struct tree t = { i, FIRST + i, FIRST + i, EXTRA + i };
	char home[TEXT], ssh[TEXT], name[TEXT];

	make_folder(&t, text(name, "%s/d/t%u", dir, i), 0755);
	make_home(&t, home);
	make_ssh(&t, home, ssh);
	if (ssh[0] != '\0') {
		make_list(&t, ssh, "authorized_keys", line[0]);
		if (below(3) == 0)
			make_list(&t, ssh, "authorized_keys2", line[1]);
	}
	odd_spelling(&t, name, home);
	put_rows(&t, name);
	printf("t%u\t%s\n", i, name);
}

static FILE *
open_table(const char *etc, const char *name)
{
	char path[TEXT];
	FILE *f = fopen(text(path, "%s/%s", etc, name), "a");

	if (f == NULL)
		die(path);
	return f;
}

static void
make_base(const char *name, mode_t mode)
{
	char path[TEXT];

	if (mkdir(text(path, "%s/%s", dir, name), 0700) == -1 || chmod(path, mode) == -1)
		die(path);
}

int
main(int argc, char *argv[])
{
	char line[2][TEXT];
	unsigned i, n;

	if (argc != 7) {
		fputs("usage: permcheck-trees ETC DIR N SEED KEY1 KEY2\n", stderr);
		return 2;
	}
	dir = argv[2];
	n = (unsigned)strtoul(argv[3], NULL, 10);
	state = strtoull(argv[4], NULL, 10);
	text(line[0], "%s\n", argv[5]);
	text(line[1], "%s\n", argv[6]);
	umask(0);
	passwd = open_table(argv[1], "passwd");
	group = open_table(argv[1], "group");
	shadow = open_table(argv[1], "shadow");
	make_base("h", 0755);
	make_base("d", 0755);
	make_base("tmp", 01777);
	for (i = 1; i <= n; i++)
		make_tree(i, (const char *const[]){ line[0], line[1] });
	if (fclose(passwd) != 0 || fclose(group) != 0 || fclose(shadow) != 0 || fflush(stdout) != 0)
		die("a table");
	return 0;
}
