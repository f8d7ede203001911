#include "permission_rules.h"
#include "escape.h"
#include "permission_acl.h"
#include "permission_link.h"
#include "permission_text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void
report(const struct permission_finding *about, enum permission_rule rule, int refused)
{
	struct permission_finding f = *about;

	f.rule = rule;
	f.refused = refused;
	f.check->found(f.check->to, &f);
}

/* Group write: the group itself, or whomever an ACL names under its mask. */
static int
judge_group_write(struct permission_finding *f)
{
	const struct permission_check *check = f->check;
	struct buffer names = BUFFER_EMPTY;
	int private = 0, ret = -1;

	if (permission_acl_names(f->path, 2, &names) != 0 || buffer_put(&names, "", 1) != 0)
		goto out;
	if (check->profile == PERMISSION_DEBIAN) {
		private = account_has_private(check->table, check->account,
		    f->st.st_gid, f->st.st_uid);
		if (private == -1)
			goto out;
	}
	f->names = (const char *)names.p;
	if (names.n > 1)
		report(f, PERMISSION_ACL, !private);
	else if (!private)
		report(f, PERMISSION_GROUP_WRITABLE, 1);
	f->names = "";
	ret = 0;
out:
	buffer_free(&names);
	return ret;
}

static int
judge(const struct permission_check *check, enum permission_use use, const char *path,
    const struct stat *st)
{
	struct permission_finding f = {
		.check = check, .use = use, .path = path, .names = "", .st = *st,
	};

	if (st->st_uid != 0 && st->st_uid != check->account->uid)
		report(&f, PERMISSION_OWNER, 1);
	if (st->st_mode & S_IWOTH)
		report(&f, PERMISSION_WORLD_WRITABLE, 1);
	return st->st_mode & S_IWGRP ? judge_group_write(&f) : 0;
}

/* Cuts the last component off an absolute path; "/" stays. */
static void
to_parent(char *path)
{
	char *slash = strrchr(path, '/');

	slash[slash == path] = '\0';
}

/* Judges folder, which is a real path and is cut down on the way, and what is
 * above it. */
static int
judge_upwards(const struct permission_check *check, char *folder, const char *real_home)
{
	struct stat st;

	for (;;) {
		if (stat(folder, &st) == -1 ||
		    judge(check, PERMISSION_AUTHORIZED_KEYS, folder, &st) != 0)
			return -1;
		if (strcmp(folder, "/") == 0 ||
		    (real_home != NULL && strcmp(folder, real_home) == 0))
			return 0;
		to_parent(folder);
	}
}

/* The real path of as much of path as can be resolved, to be freed; *whole
 * tells whether that is all of it. */
static char *
resolve(const char *path, int *whole)
{
	char *part = strdup(path), *real = NULL;

	*whole = 1;
	while (part != NULL && (real = realpath(part, NULL)) == NULL &&
	    errno != ENOMEM && strcmp(part, "/") != 0) {
		*whole = 0;
		to_parent(part);
	}
	free(part);
	return real;
}

int
permission_rules_within(const char *path, const char *home)
{
	size_t n = strlen(home);

	return strncmp(path, home, n) == 0 &&
	    (path[n] == '/' || path[n] == '\0' || strcmp(home, "/") == 0);
}

/* Whether a symbolic link is on the absolute path, below the home where it is in it: one above leads
 * all of the home elsewhere. */
static int
has_link(const char *path, const char *home)
{
	const size_t from = permission_rules_within(path, home) ? strlen(home) : 0;
	char *part = strdup(path);
	struct stat st;
	int found = 0;

	while (part != NULL && !found && strlen(part) > from && strcmp(part, "/") != 0) {
		found = lstat(part, &st) == 0 && S_ISLNK(st.st_mode);
		to_parent(part);
	}
	free(part);
	return found;
}

int
permission_rules_unreadable(const struct permission_check *check, enum permission_use use,
    const char *path, int error)
{
	struct permission_finding f = {
		.check = check, .use = use, .path = path, .names = "", .error = error,
	};
	struct stat st;
	char *real;
	int whole;

	real = resolve(path, &whole);
	if (real == NULL)
		return -1;
	/* A folder on the way may be the cause. */
	if (lstat(real, &st) == 0 && (whole || (S_ISDIR(st.st_mode) &&
	    faccessat(AT_FDCWD, real, X_OK, AT_EACCESS) == -1))) {
		f.path = real;
		f.st = st;
	}
	/* ssh goes on without a configuration that it cannot read. */
	report(&f, PERMISSION_UNREADABLE, use != PERMISSION_SSH_CONFIG);
	free(real);
	return 0;
}

/* The file could not be opened: why, and what else of the way there is refused. */
static int
judge_unopened(const struct permission_check *check, const char *path, const char *real_home,
    int error)
{
	struct permission_finding f = {
		.check = check, .path = path, .names = "", .use = PERMISSION_AUTHORIZED_KEYS,
	};
	char *real;
	int whole, ret;

	if (error == ENOENT) {
		real = has_link(path, check->home) ? permission_link_target(path) : NULL;
		f.names = real != NULL ? real : "";
		report(&f, PERMISSION_MISSING, 0);
		free(real);
		return 0;
	}
	if (error != EACCES && error != EPERM && error != ENOTDIR && error != ENXIO) {
		errno = error;
		return -1;
	}
	ret = permission_rules_unreadable(check, f.use, path, error);
	real = resolve(path, &whole);
	if (ret == 0 && real == NULL)
		ret = -1;
	if (ret == 0 && real_home != NULL && permission_rules_within(real, real_home)) {
		if (whole || error == ENOTDIR)
			to_parent(real);
		ret = judge_upwards(check, real, real_home);
	}
	free(real);
	return ret;
}

static void
report_text(void *to, enum permission_text_fault fault, unsigned long line)
{
	struct permission_finding *f = to;

	f->line = line;
	report(f, fault == PERMISSION_TEXT_ENCODING ? PERMISSION_ENCODING : PERMISSION_JOINED,
	    fault != PERMISSION_TEXT_SECOND);
}

static int
judge_file(const struct permission_check *check, int fd, const char *real, const struct stat *st)
{
	struct permission_finding f = {
		.check = check, .path = real, .names = "", .use = PERMISSION_AUTHORIZED_KEYS, .st = *st,
	};

	if (!S_ISREG(st->st_mode)) {
		report(&f, PERMISSION_NOT_REGULAR, 1);
		return 0;
	}
	return judge(check, f.use, real, st) != 0 ? -1 :
	    permission_text_check(fd, st->st_size, report_text, &f);
}

static int
judge_opened(const struct permission_check *asked, int fd, const char *path,
    const char *real_home)
{
	struct permission_check through = *asked, *check = &through;
	struct stat opened, st;
	char *real;
	int ret = -1;

	real = realpath(path, NULL);
	if (real == NULL || fstat(fd, &opened) == -1 || stat(real, &st) == -1)
		goto out;
	if (st.st_dev != opened.st_dev || st.st_ino != opened.st_ino) {
		errno = ESTALE;
		goto out;
	}
	through.via = has_link(path, asked->home) ? path : NULL;
	if (judge_file(check, fd, real, &opened) != 0)
		goto out;
	to_parent(real);
	ret = judge_upwards(check, real, real_home);
out:
	free(real);
	return ret;
}

enum { FILE_FLAGS = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC };
/* No system's PATH_MAX is less than LONGEST: what is longer may be refused for that. */
enum { DEEPEST = 16, LONGEST = 1024, NOT_PLAIN = 1 };

/* Opens the names of rest, "/NAME/NAME...", one below the other from home on;
 * *n folders, the home first, have their status in st. -1 when there is a link
 * on the way, or anything is amiss. */
static int
open_below(int home, char *rest, struct stat st[DEEPEST], size_t *n)
{
	char *name = rest + 1, *slash;
	int fd = home, folder;

	for (*n = 0; fd != -1 && name != NULL; name = slash == NULL ? NULL : slash + 1) {
		slash = strchr(name, '/');
		folder = fd;
		fd = -1;
		if (slash != NULL)
			*slash = '\0';
		if (*n < DEEPEST && fstat(folder, &st[(*n)++]) == 0)
			fd = slash != NULL ? permission_parent_open(folder, name) :
			    openat(folder, name, FILE_FLAGS | O_NOFOLLOW);
		if (slash != NULL)
			*slash = '/';
		if (folder != home)
			close(folder);
	}
	return fd;
}

/* The usual case, a file below the home with no link from the home on: each
 * folder is the one that the next is opened in, and its real path is known
 * without asking. NOT_PLAIN, and nothing said, in any other case. */
static int
judge_plain(const struct permission_check *check, const char *path)
{
	const char *rest = path + strlen(check->home);
	struct stat st[DEEPEST], opened;
	char *real;
	size_t n = 0;
	int fd = -1, ret = NOT_PLAIN;

	if (check->folder == -1 || !permission_rules_within(path, check->home) || *rest != '/')
		return NOT_PLAIN;
	real = permission_parent_path(check->parent, check->home, rest);
	if (real == NULL)
		return NOT_PLAIN;
	if (strlen(path) < LONGEST && strlen(real) < LONGEST)
		fd = open_below(check->folder, real + strlen(real) - strlen(rest), st, &n);
	if (fd != -1 && fstat(fd, &opened) == 0) {
		ret = judge_file(check, fd, real, &opened);
		while (ret == 0 && n-- > 0) {
			to_parent(real);
			ret = judge(check, PERMISSION_AUTHORIZED_KEYS, real, &st[n]);
		}
	}
	if (fd != -1)
		close(fd);
	free(real);
	return ret;
}

/* Any case, by its name, as sshd has it. */
static int
judge_named(const struct permission_check *check, const char *path)
{
	char *real_home;
	int fd, error, ret;

	fd = open(path, FILE_FLAGS);
	error = errno;
	/* As sshd: a home that cannot be resolved ends nothing. */
	real_home = realpath(check->home, NULL);
	if (real_home == NULL && errno == ENOMEM) {
		ret = -1;
	} else if (fd == -1) {
		ret = judge_unopened(check, path, real_home, error);
	} else {
		ret = judge_opened(check, fd, path, real_home);
	}
	if (fd != -1)
		close(fd);
	free(real_home);
	return ret;
}

int
permission_rules_authorized_keys(const struct permission_check *check, const char *path)
{
	int ret = judge_plain(check, path);

	return ret == NOT_PLAIN ? judge_named(check, path) : ret;
}

/* The client's: the status of what path opens. 0, 1 when it is unreadable and
 * reported, or -1. */
static int
look(const struct permission_check *check, enum permission_use use, const char *path,
    struct stat *st)
{
	int fd, ret;

	fd = open(path, FILE_FLAGS);
	if (fd == -1 && errno == EACCES)
		return permission_rules_unreadable(check, use, path, EACCES) == 0 ? 1 : -1;
	if (fd == -1)
		return -1;
	ret = fstat(fd, st);
	close(fd);
	return ret;
}

static int
judge_key(struct permission_finding *f)
{
	struct buffer names = BUFFER_EMPTY;
	int ret = 0;

	if (f->st.st_uid != f->check->account->uid) {
		report(f, PERMISSION_OTHERS_KEY, 0);
		return 0;
	}
	if (permission_acl_names(f->path, 7, &names) != 0 || buffer_put(&names, "", 1) != 0) {
		ret = -1;
	} else {
		f->names = (const char *)names.p;
		report(f, PERMISSION_KEY_MODE, 1);
	}
	buffer_free(&names);
	return ret;
}

int
permission_rules_accepts(const struct permission_check *check, enum permission_use use,
    const struct stat *st)
{
	if (use == PERMISSION_PRIVATE_KEY)
		return st->st_uid == check->account->uid && (st->st_mode & (S_IRWXG | S_IRWXO)) == 0;
	return (st->st_uid == check->account->uid || st->st_uid == 0) &&
	    (st->st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

/* A client's file: its real path is asked for only where there is something to say. */
static int
judge_client(const struct permission_check *check, enum permission_use use, const char *path)
{
	struct permission_finding f = { .check = check, .names = "", .use = use };
	char *real;
	int ret;

	ret = look(check, use, path, &f.st);
	if (ret != 0)
		return ret == 1 ? 0 : -1;
	if (permission_rules_accepts(check, use, &f.st))
		return 0;
	f.path = real = realpath(path, NULL);
	if (real == NULL)
		return -1;
	ret = use == PERMISSION_PRIVATE_KEY ? judge_key(&f) : judge(check, use, real, &f.st);
	free(real);
	return ret;
}

int
permission_rules_key(const struct permission_check *check, const char *path)
{
	return judge_client(check, PERMISSION_PRIVATE_KEY, path);
}

int
permission_rules_config(const struct permission_check *check, const char *path)
{
	int ret = judge_client(check, PERMISSION_SSH_CONFIG, path);

	return ret == -1 && errno == ENOENT ? 0 : ret;
}

const char *
permission_rules_word(enum permission_rule rule)
{
	static const char *const word[] = {
		[PERMISSION_OWNER] = "owner",
		[PERMISSION_WORLD_WRITABLE] = "world-writable",
		[PERMISSION_GROUP_WRITABLE] = "group-writable",
		[PERMISSION_ACL] = "acl",
		[PERMISSION_KEY_MODE] = "key-mode",
		[PERMISSION_UNREADABLE] = "unreadable",
		[PERMISSION_NOT_REGULAR] = "not-regular",
		[PERMISSION_ENCODING] = "encoding",
		[PERMISSION_JOINED] = "joined",
		[PERMISSION_MISSING] = "missing",
		[PERMISSION_OTHERS_KEY] = "others-key",
	};

	return word[rule];
}

static void
putf(struct buffer *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void
putf(struct buffer *out, const char *format, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, format);
	if (vsnprintf(text, sizeof text, format, ap) > 0)
		buffer_puts(out, text);
	va_end(ap);
}

void
permission_rules_put_reason(struct buffer *out, const struct permission_finding *f)
{
	static const char *const outcome[] = {
		[PERMISSION_AUTHORIZED_KEYS] = "sshd refuses every key in the file",
		[PERMISSION_PRIVATE_KEY] = "ssh does not use the key",
		[PERMISSION_SSH_CONFIG] = "ssh does not start",
	};
	const char *name = f->check->account->name;
	unsigned mode = (unsigned)f->st.st_mode & 07777;

	if (f->refused && f->line == 0)
		putf(out, "%s: ", outcome[f->use]);
	switch (f->rule) {
	case PERMISSION_OWNER:
		putf(out, "owned by uid %ld, neither %s nor root", (long)f->st.st_uid, name);
		break;
	case PERMISSION_WORLD_WRITABLE:
		putf(out, "mode %04o lets everybody write", mode);
		break;
	case PERMISSION_GROUP_WRITABLE:
		putf(out, "mode %04o lets group %ld write", mode, (long)f->st.st_gid);
		break;
	case PERMISSION_ACL:
		putf(out, "%sits ACL lets %s write", f->refused ? "" : "accepted, although ",
		    f->names);
		break;
	case PERMISSION_KEY_MODE:
		putf(out, "mode %04o gives group or others access", mode);
		break;
	case PERMISSION_UNREADABLE:
		putf(out, "%s cannot %s it: %s", name,
		    S_ISDIR(f->st.st_mode) ? "enter" : "read", strerror(f->error));
		break;
	case PERMISSION_NOT_REGULAR:
		putf(out, "not a regular file");
		break;
	case PERMISSION_ENCODING:
		putf(out, "sshd reads no key on line %lu: it begins with a byte order mark "
		    "or is UTF-16", f->line);
		break;
	case PERMISSION_JOINED:
		putf(out, f->refused ? "sshd reads no key on line %lu: two are run together there" :
		    "line %lu: a second key is in the comment of the first, where sshd does not read it",
		    f->line);
		break;
	case PERMISSION_MISSING:
		buffer_puts(out, "sshd finds no file and lets no key in");
		if (f->names[0] != '\0')
			buffer_puts(out, ": it follows a symbolic link to ");
		escape_put(out, slice_str(f->names));
		break;
	case PERMISSION_OTHERS_KEY:
		putf(out, "ssh does not check it: owned by uid %ld, not %s",
		    (long)f->st.st_uid, name);
		break;
	}
	if (f->check->via != NULL) {
		buffer_puts(out, "; sshd follows a symbolic link there from ");
		escape_put(out, slice_str(f->check->via));
	}
}
