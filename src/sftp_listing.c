#include "sftp_listing.h"

#include <stdlib.h>
#include <string.h>

int
sftp_listing_put(struct sftp_listing *l, struct slice path, const struct sftp_attrs *a)
{
	struct sftp_entry *grown;
	char *copy;

	if (l->n == l->room) {
		size_t room = l->room > 0 ? 2 * l->room : 64;

		if (room > SIZE_MAX / sizeof *grown ||
		    (grown = realloc(l->entry, room * sizeof *grown)) == NULL)
			return -1;
		l->entry = grown;
		l->room = room;
	}
	if ((copy = malloc(path.n + 1)) == NULL)
		return -1;
	memcpy(copy, path.p, path.n);
	copy[path.n] = '\0';
	l->entry[l->n].name = copy;
	l->entry[l->n++].attrs = *a;
	return 0;
}

int
sftp_listing_add(struct sftp_listing *l, struct slice name, const struct sftp_attrs *a)
{
	if (slice_is(name, ".") || slice_is(name, ".."))
		return 0;
	/* a server could name what is elsewhere */
	if (name.n == 0 || memchr(name.p, '/', name.n) != NULL || memchr(name.p, '\0', name.n) != NULL)
		return -1;
	return sftp_listing_put(l, name, a);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct sftp_entry *)a)->name, ((const struct sftp_entry *)b)->name);
}

void
sftp_listing_sort(struct sftp_listing *l)
{
	if (l->n > 0)
		qsort(l->entry, l->n, sizeof *l->entry, by_name);
}

size_t
sftp_listing_from(const struct sftp_listing *l, const char *name)
{
	size_t from = 0, to = l->n;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (strcmp(l->entry[middle].name, name) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

const struct sftp_entry *
sftp_listing_find(const struct sftp_listing *l, const char *name)
{
	size_t i = sftp_listing_from(l, name);

	return i < l->n && strcmp(l->entry[i].name, name) == 0 ? &l->entry[i] : NULL;
}

void
sftp_listing_free(struct sftp_listing *l)
{
	const struct sftp_listing empty = SFTP_LISTING_EMPTY;

	while (l->n > 0)
		free(l->entry[--l->n].name);
	free(l->entry);
	*l = empty;
}
