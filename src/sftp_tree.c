#include "sftp_place.h"
#include "sftp_compare.h"
#include "sftp_tree.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define PARTIAL 128

static struct sftp_channel *
from_side(const struct sftp_tree *t)
{
	return t->copy->upload ? NULL : t->copy->channel;
}

static struct sftp_channel *
to_side(const struct sftp_tree *t)
{
	return t->copy->upload ? t->copy->channel : NULL;
}

/* 0 where the connection still is. */
static int
failed(struct sftp_tree *t, const char *path, const char *why)
{
	if (t->copy->channel->fault != NULL)
		return -1;
	t->copy->failed(t->copy->of, path, why);
	return 0;
}

/* What all parts of a file of this name begin with; 0 or -1. */
static int
partial_prefix(struct sftp_tree *t, const char *name, char prefix[PARTIAL])
{
	const struct slice piece = slice_str(name);
	unsigned char d[DIGEST_MAX];
	int n, i;

	if (digest_of(t->digest, &piece, 1, d) != 0)
		return -1;
	n = snprintf(prefix, PARTIAL, ".xferkey-");
	for (i = 0; i < 16; i++)
		n += snprintf(prefix + n, PARTIAL - (size_t)n, "%02x", d[i]);
	snprintf(prefix + n, PARTIAL - (size_t)n, "-");
	return 0;
}

/* What is at folder/name on the other side: by the listing, where there is one. */
static int
look_up(struct sftp_tree *t, const struct sftp_listing *there, const char *folder, const char *name,
    struct sftp_attrs *a)
{
	const struct sftp_entry *e;
	char *path;
	int found = 0;

	if (there != NULL) {
		if ((e = sftp_listing_find(there, name)) == NULL)
			return 0;
		*a = e->attrs;
		return 1;
	}
	if ((path = sftp_place_join(folder, name)) == NULL)
		return 0;
	if (sftp_place_stat(to_side(t), path, 0, a, &found) != NULL)
		found = 0;
	free(path);
	return found;
}

static int
compare(struct sftp_tree *t, const char *from, const char *to, uint64_t length)
{
	return sftp_compare(t->copy->channel, &t->copy->rate, t->copy->upload ? from : to,
	    t->copy->upload ? to : from, length, t->resume == 2);
}

/* Is the file there already? */
static int
is_there(struct sftp_tree *t, const struct sftp_copy_file *file, const struct sftp_attrs *a)
{
	const int same = sftp_attrs_same(&file->attrs, a);

	if (!S_ISREG(a->mode) || !(a->has & SFTP_ATTRS_SIZE) || a->size != file->attrs.size ||
	    (t->resume < 3 && !same))
		return 0;
	if (t->resume > 1 && !compare(t, file->from, file->final, a->size))
		return 0;
	if (!same || (file->attrs.has & a->has & SFTP_ATTRS_MODE && (file->attrs.mode ^ a->mode) & 0777))
		sftp_place_set(to_side(t), file->final, &file->attrs);
	t->there++;
	return 1;
}

/* How much of the part can be built on. */
static uint64_t
good_part(struct sftp_tree *t, const struct sftp_copy_file *file, const struct sftp_attrs *a)
{
	uint64_t n = a->size;

	if (!S_ISREG(a->mode) || !(a->has & SFTP_ATTRS_SIZE) || n > file->attrs.size ||
	    n <= SFTP_COPY_WINDOW)
		return 0;
	n -= SFTP_COPY_WINDOW;
	return t->resume > 1 && !compare(t, file->from, file->to, n) ? 0 : n;
}

static int
ends_with(const char *name, const char *end)
{
	const size_t n = strlen(name), m = strlen(end);

	return n >= m && strcmp(name + n - m, end) == 0;
}

/* Parts of this file by other runs: one whose name begins with mine, and so is of
 * this source, gets the name part and is built on where it can be; the others go. */
static void
take_parts(struct sftp_tree *t, struct sftp_copy_file *file, const char *folder, const char *prefix,
    const char *mine, const char *part, const struct sftp_listing *there)
{
	struct sftp_channel *c = to_side(t);
	const char *run = strrchr(part, '-');
	size_t i;

	if (there == NULL)
		return;
	for (i = sftp_listing_from(there, prefix); i < there->n; i++) {
		const struct sftp_entry *e = &there->entry[i];
		char *path;

		if (strncmp(e->name, prefix, strlen(prefix)) != 0)
			return;
		if (ends_with(e->name, run) || (path = sftp_place_join(folder, e->name)) == NULL)
			continue;
		if (mine == NULL || file->offset > 0 || strncmp(e->name, mine, strlen(mine)) != 0)
			sftp_place_remove(c, path);
		else if (sftp_place_rename(c, path, file->to) == NULL &&
		    (file->offset = good_part(t, file, &e->attrs)) == 0)
			sftp_place_remove(c, file->to);
		free(path);
	}
}

/* Written at once; a rate would divide it. */
static int
is_small(const struct sftp_tree *t, const struct sftp_copy_file *file)
{
	const struct sftp_channel *c = t->copy->channel;

	return t->copy->rate.rate == 0 &&
	    file->attrs.size <= (t->copy->upload ? c->write_size : c->read_size);
}

static int
resume_file(struct sftp_tree *t, struct sftp_copy_file *file, const char *folder, const char *name,
    const struct sftp_listing *there)
{
	char prefix[PARTIAL], mine[PARTIAL], part[PARTIAL];
	struct sftp_attrs a;
	char *to;
	int found, ret;

	if (partial_prefix(t, name, prefix) != 0)
		return failed(t, file->from, "no SHA-256");
	snprintf(mine, PARTIAL, "%.48s%" PRIx64 "-%" PRIx32 "-%" PRIx64 "-", prefix, file->attrs.size,
	    file->attrs.mtime, file->attrs.version);
	snprintf(part, PARTIAL, "%.92s%" PRIx64 ".partial", mine, t->run);
	if ((to = sftp_place_join(folder, part)) == NULL)
		return failed(t, file->from, "the name is too long");
	file->to = to;
	if ((found = look_up(t, there, folder, name, &a)) && is_there(t, file, &a)) {
		take_parts(t, file, folder, prefix, NULL, part, there);
		ret = t->copy->channel->fault == NULL ? 0 : -1;
	} else if (found && a.has & SFTP_ATTRS_MODE && !S_ISREG(a.mode) && !S_ISLNK(a.mode)) {
		ret = failed(t, file->final, "there is something else than a file");
	} else {
		take_parts(t, file, folder, prefix, mine, part, there);
		if (there != NULL && !found && is_small(t, file)) {
			file->to = file->final;
			file->final = NULL;
		}
		ret = sftp_copy_start(t->copy, file);
	}
	free(to);
	return ret;
}

static int
copy_file(struct sftp_tree *t, const char *from, const struct sftp_attrs *attrs, const char *folder,
    const char *name, const struct sftp_listing *there)
{
	char *to = sftp_place_join(folder, name);
	struct sftp_copy_file file = { from, to, NULL, *attrs, 0 };
	int ret;

	if (to == NULL)
		return failed(t, from, "the name is too long");
	if (!(attrs->has & SFTP_ATTRS_SIZE)) {
		ret = failed(t, from, "the server does not tell its size");
	} else if (t->resume > 0) {
		file.final = to;
		ret = resume_file(t, &file, folder, name, there);
	} else {
		ret = sftp_copy_start(t->copy, &file);
	}
	free(to);
	return ret;
}

static int
copy_all(struct sftp_tree *t, const char *from, const struct sftp_listing *l, const char *to,
    const struct sftp_listing *there)
{
	size_t i;
	int ret = 0;

	for (i = 0; ret == 0 && i < l->n; i++) {
		char *path = sftp_place_join(from, l->entry[i].name);

		if (path == NULL)
			ret = failed(t, from, "a name in it is too long");
		else
			ret = sftp_tree_copy(t, path, &l->entry[i].attrs, to, l->entry[i].name, there);
		free(path);
	}
	return ret;
}

/* is_target: it has the mode that its owner gave it, and may be a link. */
static int
copy_folder(struct sftp_tree *t, const char *from, const struct sftp_attrs *attrs, const char *to,
    int is_target)
{
	struct sftp_listing l = SFTP_LISTING_EMPTY, there = SFTP_LISTING_EMPTY;
	struct sftp_attrs was = *attrs, open = *attrs;
	const char *trouble;
	int made, known, ret;

	if ((trouble = sftp_place_list(from_side(t), from, &l)) != NULL) {
		ret = failed(t, from, trouble);
		goto out;
	}
	/* folders are closed to their owner only when all is in them */
	trouble = sftp_place_mkdir(to_side(t), to, (attrs->mode & 0777) | 0700, is_target, &made, &was);
	if (trouble != NULL) {
		ret = failed(t, to, trouble);
		goto out;
	}
	open.mode = was.mode | 0300;
	open.has &= SFTP_ATTRS_MODE;
	if (!made && !is_target && (was.mode & 0300) != 0300)
		sftp_place_set(to_side(t), to, &open);
	known = made || (t->resume > 0 && sftp_place_list(to_side(t), to, &there) == NULL);
	if (!is_target && sftp_listing_put(&t->folders, slice_str(to), attrs) != 0)
		ret = failed(t, from, "out of memory");
	else
		ret = copy_all(t, from, &l, to, known ? &there : NULL);
out:
	sftp_listing_free(&l);
	sftp_listing_free(&there);
	return ret;
}

/* Where links on the way here lie, as the file system has it. */
struct sftp_link {
	const char *folder;
	const struct sftp_link *outer;
};

/* folder, or one above it? */
static int
holds(const char *folder, const char *path)
{
	const size_t n = strlen(folder);

	return strncmp(folder, path, n) == 0 && (path[n] == '\0' || path[n] == '/' || strcmp(folder, "/") == 0);
}

/* Of a link to a folder: who goes through it again, from what it leads to, would not end. */
static int
follow_folder(struct sftp_tree *t, const char *from, const struct sftp_attrs *a, const char *to,
    int is_target)
{
	struct sftp_channel *c = from_side(t);
	struct sftp_link link = { NULL, t->links };
	const struct sftp_link *l;
	char *parent = strdup(from), *slash = parent == NULL ? NULL : strrchr(parent, '/');
	char *folder = NULL, *target = sftp_place_real(c, from);
	int ret;

	if (slash != NULL)
		slash[slash == parent] = '\0';
	if (parent != NULL)
		link.folder = folder = sftp_place_real(c, slash == NULL ? "." : parent);
	for (l = &link; target != NULL && folder != NULL && l != NULL && !holds(target, l->folder); l = l->outer)
		continue;
	if (target == NULL || folder == NULL) {
		ret = failed(t, from, "where the symbolic link leads cannot be seen");
	} else if (l != NULL) {
		ret = failed(t, from, "a symbolic link to a folder that it is in");
	} else {
		t->links = &link;
		ret = copy_folder(t, from, a, to, is_target);
		t->links = link.outer;
	}
	free(parent);
	free(folder);
	free(target);
	return ret;
}

int
sftp_tree_copy(struct sftp_tree *t, const char *from, const struct sftp_attrs *attrs,
    const char *folder, const char *name, const struct sftp_listing *there)
{
	const int is_link = S_ISLNK(attrs->mode);
	struct sftp_attrs a = *attrs;
	int found = 1, ret;
	char *to;

	if (is_link && (sftp_place_stat(from_side(t), from, 1, &a, &found) != NULL || !found))
		return failed(t, from, "a symbolic link to nothing");
	if (S_ISREG(a.mode))
		return copy_file(t, from, &a, folder, name, there);
	if (!S_ISDIR(a.mode))
		return failed(t, from, "neither a file nor a folder");
	if ((to = *name == '\0' ? strdup(folder) : sftp_place_join(folder, name)) == NULL)
		return failed(t, from, "the name is too long");
	ret = is_link ? follow_folder(t, from, &a, to, *name == '\0') :
	    copy_folder(t, from, &a, to, *name == '\0');
	free(to);
	return ret;
}

int
sftp_tree_finish(struct sftp_tree *t)
{
	if (sftp_copy_finish(t->copy) != 0)
		return -1;
	/* those below first: afterwards they may be closed */
	while (t->folders.n > 0) {
		struct sftp_entry *e = &t->folders.entry[t->folders.n - 1];
		struct sftp_attrs now;
		int found;

		/* setgid and sticky are the place's own */
		if (sftp_place_stat(to_side(t), e->name, 0, &now, &found) == NULL && found)
			e->attrs.mode = (e->attrs.mode & 0777) | (now.mode & 07000) | S_IFDIR;
		if (sftp_place_set(to_side(t), e->name, &e->attrs) != NULL)
			t->copy->times_refused = 1;
		if (t->copy->channel->fault != NULL)
			return -1;
		free(e->name);
		t->folders.n--;
	}
	return 0;
}

void
sftp_tree_end(struct sftp_tree *t)
{
	sftp_listing_free(&t->folders);
}
