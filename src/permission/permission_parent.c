#include "permission/permission_parent.h"
#include "base/path.h"

#include <stdlib.h>
#include <string.h>

char *
permission_parent_path(struct permission_parent *p, const char *path, const struct stat *st)
{
	const char *name = strrchr(path, '/');
	const size_t n = (size_t)(name - path);

	if (!S_ISDIR(st->st_mode) || !path_is_plain(name))
		return realpath(path, NULL);
	if (p->stated == NULL || strncmp(p->stated, path, n) != 0 || p->stated[n] != '\0') {
		permission_parent_free(p);
		if ((p->stated = strndup(path, n)) != NULL)
			p->real = realpath(n == 0 ? "/" : p->stated, NULL);
	}
	return p->real != NULL ? path_join(p->real, name + 1) : realpath(path, NULL);
}

void
permission_parent_free(struct permission_parent *p)
{
	free(p->stated);
	free(p->real);
	p->stated = p->real = NULL;
}
