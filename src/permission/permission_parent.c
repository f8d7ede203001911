#include "permission/permission_parent.h"
#include "base/path.h"

#include <stdlib.h>
#include <string.h>

static int
find(struct permission_parent *p, const char *stated, size_t n)
{
	if (p->stated != NULL && strncmp(p->stated, stated, n) == 0 && p->stated[n] == '\0')
		return 0;
	permission_parent_free(p);
	p->stated = strndup(stated, n);
	if (p->stated != NULL)
		p->real = realpath(n == 0 ? "/" : p->stated, NULL);
	if (p->real != NULL)
		return 0;
	permission_parent_free(p);
	return -1;
}

char *
permission_parent_path(struct permission_parent *p, const char *path, const struct stat *st)
{
	const char *name = strrchr(path, '/');

	if (!S_ISDIR(st->st_mode) || !path_is_plain(name) || find(p, path, (size_t)(name - path)) != 0)
		return realpath(path, NULL);
	return path_join(p->real, name + 1);
}

void
permission_parent_free(struct permission_parent *p)
{
	free(p->stated);
	free(p->real);
	p->stated = p->real = NULL;
}
