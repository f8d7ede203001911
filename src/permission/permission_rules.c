#include "permission/permission_rules.h"
#include "base/error.h"
#include "base/io.h"
#include "base/path.h"
#include "encoding/base64.h"
#include "encoding/key_line.h"
#include "permission/permission_acl.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

/* A blob begins with the length of its type's name, and its base64 therefore with "AAAA". */
#define SHORTEST_BLOB 32
#define LARGEST ((size_t)256 << 20)     /* bytes, of a file */

enum { FILE_FLAGS = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC };

/* The objects on the path from a file up to the home. */
struct way {
	struct stat st[8];      /* the file first; all zero if lstat(2) failed */
	size_t n;               /* of st; objects above these are not known */
	int linked;             /* 1: a symbolic link was met; nothing above it was looked at */
};
#define KNOWN (sizeof ((struct way *)0)->st / sizeof (struct stat))

static void
report(const struct permission_finding *about, enum permission_rule rule, int refused)
{
	struct permission_finding f = *about;

	f.rule = rule;
	f.refused = refused;
	f.check->found(f.check->to, &f);
}

/* Judges write access of the group itself, or of users and groups that an ACL names. */
static int
judge_group_write(struct permission_finding *f)
{
	const struct permission_check *check = f->check;
	struct buffer names = BUFFER_EMPTY;
	int private = 0, r = permission_acl_names(f->path, 2, &names);

	if (r == ERROR_NONE && check->profile == PERMISSION_DEBIAN) {
		private = account_has_private(check->table, check->account, f->st.st_gid, f->st.st_uid);
		r = private != -1 ? ERROR_NONE : ACCOUNT_ALL ? ERROR_SYSTEM : ERROR_STATIC;
	}
	if (r == ERROR_NONE) {
		f->names = (const char *)names.p;
		if (names.n > 0)
			report(f, PERMISSION_ACL, !private);
		else if (!private)
			report(f, PERMISSION_GROUP_WRITABLE, 1);
		f->names = "";
	}
	buffer_free(&names);
	return r;
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
	return st->st_mode & S_IWGRP ? judge_group_write(&f) : ERROR_NONE;
}

/* Fills in way for the absolute path and each directory above it. Stops at a home that contains
 * path: a symbolic link above the home moves the whole home. */
static int
look_up(struct way *way, const struct permission_check *check, const char *path)
{
	const int inside = path_below(path, check->home) != NULL;
	const size_t end = inside ? strlen(check->home) : 1;
	char *part = strdup(path);
	struct stat st;

	way->n = 0;
	way->linked = 0;
	if (part == NULL)
		return ERROR_SYSTEM;
	while (!way->linked && strlen(part) > end) {
		if (lstat(part, &st) != 0)
			memset(&st, 0, sizeof st);
		way->linked = S_ISLNK(st.st_mode);
		if (way->n < KNOWN)
			way->st[way->n++] = st;
		path_to_parent(part);
	}
	if (inside && way->n < KNOWN && S_ISDIR(check->home_st->st_mode))
		way->st[way->n++] = *check->home_st;
	free(part);
	return ERROR_NONE;
}

/* Judges the directory, a real path, and all directories above it; shortens the text of the path.
 * way begins at a file in the directory. */
static int
judge_upwards(const struct permission_check *check, char *directory, const char *real_home,
    const struct way *way)
{
	struct stat st;
	size_t i;

	for (i = 1; ; i++) {
		if (i < way->n && way->st[i].st_mode != 0)
			st = way->st[i];
		else if (stat(directory, &st) == -1)
			return ERROR_SYSTEM;
		if (judge(check, PERMISSION_AUTHORIZED_KEYS, directory, &st) != ERROR_NONE)
			return ERROR_SYSTEM;
		if (strcmp(directory, "/") == 0 ||
		    (real_home != NULL && strcmp(directory, real_home) == 0))
			return ERROR_NONE;
		path_to_parent(directory);
	}
}

/* Reports path as unreadable. Returns the real path, allocated, of the longest part of path that
 * has one, or NULL; *whole: that part is the whole path. */
static char *
report_unreadable(const struct permission_check *check, enum permission_use use, const char *path,
    int error, int *whole)
{
	struct permission_finding f = {
		.check = check, .use = use, .path = path, .names = "", .error = error,
	};
	char *part = strdup(path), *real = NULL;
	struct stat st;

	*whole = 1;
	while (part != NULL && (real = realpath(part, NULL)) == NULL &&
	    errno != ENOMEM && strcmp(part, "/") != 0) {
		*whole = 0;
		path_to_parent(part);
	}
	free(part);
	if (real == NULL)
		return NULL;
	/* A directory on the way may be the cause. */
	if (lstat(real, &st) == 0 && (*whole || (S_ISDIR(st.st_mode) &&
	    faccessat(AT_FDCWD, real, X_OK, AT_EACCESS) == -1))) {
		f.path = real;
		f.st = st;
	}
	/* If ssh cannot read its configuration, it goes on without it. */
	report(&f, PERMISSION_UNREADABLE, use != PERMISSION_SSH_CONFIG);
	return real;
}

int
permission_rules_unreadable(const struct permission_check *check, enum permission_use use,
    const char *path, int error)
{
	int whole, r;
	char *real = report_unreadable(check, use, path, error, &whole);

	r = real != NULL ? ERROR_NONE : ERROR_SYSTEM;
	free(real);
	return r;
}

static void
report_missing(const struct permission_check *check, const char *path, int linked)
{
	char *target = linked ? path_target(path) : NULL;
	const struct permission_finding f = { .check = check, .path = path,
	    .names = target != NULL ? target : "", .use = PERMISSION_AUTHORIZED_KEYS };

	report(&f, PERMISSION_MISSING, 0);
	free(target);
}

/* Reports why the file could not be opened, and what else on its path is refused. */
static int
judge_unopened(const struct permission_check *check, const char *path, const char *real_home,
    struct way *way, int error)
{
	char *real;
	int whole, r = ERROR_NONE;

	if (error == ENOENT) {
		report_missing(check, path, way->linked);
		return ERROR_NONE;
	}
	if (error != EACCES && error != EPERM && error != ENOTDIR && error != ENXIO) {
		errno = error;
		return ERROR_SYSTEM;
	}
	real = report_unreadable(check, PERMISSION_AUTHORIZED_KEYS, path, error, &whole);
	if (real == NULL)
		return ERROR_SYSTEM;
	if (real_home != NULL && path_below(real, real_home) != NULL) {
		if (whole || error == ENOTDIR)
			path_to_parent(real);
		way->n = 0;
		r = judge_upwards(check, real, real_home, way);
	}
	free(real);
	return r;
}

/* sshd finds no key in UTF-16, and a byte order mark spoils the first line for it. */
static int
is_encoded(struct slice text)
{
	const unsigned char *p = text.p;

	if (text.n >= 2 && ((p[0] == 0xff && p[1] == 0xfe) || (p[0] == 0xfe && p[1] == 0xff) ||
	    (p[0] == '\0') != (p[1] == '\0')))
		return 1;
	return text.n >= 4 && slice_starts(text, "\xef\xbb\xbf") && strchr("#\r\n", p[3]) == NULL;
}

/* Ignores bits that are left over: they are no sign of two joined lines. */
static int
is_base64(struct slice word)
{
	size_t i, n = 0, padding = 0;

	for (i = 0; i < word.n; i++) {
		const unsigned v = base64_value(word.p[i]);

		if (v > 65 || (v < 64 && padding > 0))
			return 0;
		n += v <= 64;
		padding += v == 64;
	}
	return n % 4 == 0;
}

/* Reports a second key in the line. If the first is not base64, sshd reads no key; otherwise it
 * takes the second for the comment of the first. */
static void
judge_line(struct permission_finding *f, struct slice line)
{
	struct slice word, first = { NULL, 0 };

	if ((word = slice_trim(line)).n == 0 || word.p[0] == '#')
		return;
	while (line.n > 0) {
		/* only the options, which come before the key, have quotes */
		if (first.n > 0)
			word = key_line_field(&line);
		else
			(void)key_line_options(&line, &word);
		word = slice_trim(word);        /* base64 may have a CR around it */
		if (word.n < SHORTEST_BLOB || !slice_starts(word, "AAAA"))
			continue;
		if (first.n > 0) {
			report(f, PERMISSION_JOINED, !is_base64(first));
			return;
		}
		first = word;
	}
}

static int
judge_text(struct permission_finding *f, int fd)
{
	struct buffer text = BUFFER_INIT(LARGEST);
	const int r = io_read_all(fd, (size_t)f->st.st_size, &text);
	struct slice rest = buffer_slice(&text), line;

	f->line = 1;
	if (r == ERROR_NONE && is_encoded(rest))
		report(f, PERMISSION_ENCODING, 1);
	else
		for (; r == ERROR_NONE && rest.n > 0; f->line++) {
			line = slice_line(&rest);
			/* for sshd, a NUL ends a string */
			line.n = line.n == 0 ? 0 : strnlen((const char *)line.p, line.n);
			judge_line(f, line);
		}
	buffer_free(&text);
	if (r != ERROR_NONE && r != ERROR_SYSTEM)
		errno = r == ERROR_TOO_BIG ? EFBIG : ENOMEM;
	return r == ERROR_NONE ? ERROR_NONE : ERROR_SYSTEM;
}

static int
judge_file(const struct permission_check *check, int fd, const char *real, const struct stat *st)
{
	struct permission_finding f = {
		.check = check, .path = real, .names = "", .use = PERMISSION_AUTHORIZED_KEYS, .st = *st,
	};

	if (!S_ISREG(st->st_mode)) {
		report(&f, PERMISSION_NOT_REGULAR, 1);
		return ERROR_NONE;
	}
	return judge(check, f.use, real, st) == ERROR_NONE ? judge_text(&f, fd) : ERROR_SYSTEM;
}

/* If no link is on the path of a file below the home, its real path is known already. */
static int
judge_opened(const struct permission_check *asked, const char *path, const char *real_home,
    struct way *way, int fd)
{
	const char *names = real_home != NULL && !way->linked ? path_below(path, asked->home) : NULL;
	const int plain = names != NULL && path_is_plain(names);
	struct permission_check check = *asked;
	struct stat opened;
	char *real = plain ? path_join(real_home, names + 1) : realpath(path, NULL);
	int r = ERROR_SYSTEM;

	check.via = way->linked ? path : NULL;
	if (!plain)
		way->n = 1;
	if (real == NULL || fstat(fd, &opened) == -1 || (!plain && stat(real, &way->st[0]) == -1))
		goto out;
	if (!path_same(&way->st[0], &opened)) {
		errno = ESTALE;
		goto out;
	}
	r = judge_file(&check, fd, real, &opened);
	if (r == ERROR_NONE) {
		path_to_parent(real);
		r = judge_upwards(&check, real, real_home, way);
	}
out:
	free(real);
	return r;
}

int
permission_rules_authorized_keys(const struct permission_check *check, const char *path)
{
	const int fd = open(path, FILE_FLAGS), error = errno;
	char *real_home = permission_parent_path(check->parent, check->home, check->home_st);
	struct way way;
	int r = ERROR_SYSTEM;

	/* Like sshd, goes on if the home cannot be resolved. */
	if (real_home != NULL || errno != ENOMEM)
		r = look_up(&way, check, path);
	if (r == ERROR_NONE)
		r = fd == -1 ? judge_unopened(check, path, real_home, &way, error) :
		    judge_opened(check, path, real_home, &way, fd);
	if (fd != -1)
		close(fd);
	free(real_home);
	return r;
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

static int
judge_key(struct permission_finding *f)
{
	struct buffer names = BUFFER_EMPTY;
	int r = ERROR_NONE;

	if (f->st.st_uid != f->check->account->uid) {
		report(f, PERMISSION_OTHERS_KEY, 0);
	} else if ((r = permission_acl_names(f->path, 7, &names)) == ERROR_NONE) {
		f->names = (const char *)names.p;
		report(f, PERMISSION_KEY_MODE, 1);
	}
	buffer_free(&names);
	return r;
}

int
permission_rules_client(const struct permission_check *check, enum permission_use use,
    const char *path)
{
	struct permission_finding f = { .check = check, .names = "", .use = use };
	int fd = open(path, FILE_FLAGS), r;
	char *real;

	if (fd == -1 && errno == ENOENT && use == PERMISSION_SSH_CONFIG)
		return ERROR_NONE;
	if (fd == -1)
		return errno == EACCES ? permission_rules_unreadable(check, use, path, EACCES) :
		    ERROR_SYSTEM;
	r = fstat(fd, &f.st);
	close(fd);
	if (r != 0)
		return ERROR_SYSTEM;
	if (permission_rules_accepts(check, use, &f.st))
		return ERROR_NONE;
	f.path = real = realpath(path, NULL);
	if (real == NULL)
		return ERROR_SYSTEM;
	r = use == PERMISSION_PRIVATE_KEY ? judge_key(&f) : judge(check, use, real, &f.st);
	free(real);
	return r;
}
