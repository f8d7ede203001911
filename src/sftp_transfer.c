#include "sftp_place.h"
#include "sftp_target.h"
#include "sftp_tree.h"
#include "sftp_transfer.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static void
copy_source(struct sftp_tree *tree, const struct sftp_target *target, const char *source,
    const struct sftp_listing *there)
{
	struct sftp_copy *copy = tree->copy;
	char *name = sftp_target_name(target, source);
	struct sftp_attrs a;
	int found;
	const char *trouble = sftp_place_stat(copy->upload ? NULL : copy->channel, source, 1, &a, &found);

	if (trouble == NULL && !found)
		trouble = "no such file or folder";
	if (trouble == NULL && name == NULL)
		trouble = "it has no name of its own";
	if (trouble == NULL)
		sftp_tree_copy(tree, source, &a, target->folder, name, there);
	else if (copy->channel->fault == NULL)
		copy->failed(copy->of, source, trouble);
	free(name);
}

/* A folder that became the target would be put into it the next time, so it
 * is told apart here. */
static const char *
find_target(const struct sftp_transfer *t, const struct sftp_copy *copy, struct sftp_target *target)
{
	struct sftp_attrs a;
	int found, several = t->source[1] != NULL;
	const char *trouble = sftp_place_stat(copy->upload ? NULL : copy->channel, t->source[0], 1, &a,
	    &found);

	if (trouble == NULL && found && S_ISDIR(a.mode))
		several = 1;
	return sftp_target_find(target, copy->upload ? copy->channel : NULL, t->target, t->make, several);
}

/* One would be in the place of the other. */
static const char *
same_names(const struct sftp_transfer *t, const struct sftp_target *target)
{
	const struct sftp_attrs none = { 0, 0, 0, 0, 0 };
	struct sftp_listing l = SFTP_LISTING_EMPTY;
	const char *trouble = NULL;
	char **source;
	size_t i;

	for (source = t->source; *source != NULL && trouble == NULL; source++) {
		char *name = sftp_target_name(target, *source);

		if (name != NULL && *name != '\0' && sftp_listing_put(&l, slice_str(name), &none) != 0)
			trouble = "out of memory";
		free(name);
	}
	sftp_listing_sort(&l);
	for (i = 1; i < l.n; i++) {
		if (strcmp(l.entry[i - 1].name, l.entry[i].name) == 0)
			trouble = "two of the sources would have one name there";
	}
	sftp_listing_free(&l);
	return trouble;
}

/* Other runs, also on other machines, have another. */
static uint64_t
run_number(void)
{
	struct timespec now = { 0, 0 };

	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec << 32 ^ (uint64_t)now.tv_nsec << 16 ^ (uint64_t)getpid();
}

int
sftp_transfer_run(struct sftp_transfer *t, struct sftp_copy *copy)
{
	struct sftp_tree tree = { copy, t->resume, NULL, run_number(), 0, SFTP_LISTING_EMPTY, NULL };
	struct sftp_listing there = SFTP_LISTING_EMPTY;
	struct sftp_target target = { NULL, NULL };
	const char *trouble = NULL;
	char **source;
	int known = 0, ret = -1;

	if (t->resume > 0 && (tree.digest = digest_new("SHA256")) == NULL)
		trouble = "no SHA-256";
	if (trouble == NULL)
		trouble = find_target(t, copy, &target);
	if (trouble == NULL)
		trouble = same_names(t, &target);
	if (trouble != NULL) {
		if (copy->channel->fault == NULL)
			copy->failed(copy->of, t->target, trouble);
		goto out;
	}
	ret = 0;
	if (t->resume > 0)
		known = sftp_place_list(copy->upload ? copy->channel : NULL, target.folder, &there) == NULL;
	for (source = t->source; *source != NULL && copy->channel->fault == NULL; source++)
		copy_source(&tree, &target, *source, known ? &there : NULL);
	sftp_tree_finish(&tree);
	t->there = tree.there;
out:
	sftp_copy_end(copy);
	sftp_tree_end(&tree);
	digest_free(tree.digest);
	sftp_target_free(&target);
	sftp_listing_free(&there);
	return ret;
}
