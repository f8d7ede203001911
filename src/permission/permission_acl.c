#include "permission/permission_acl.h"
#include "base/error.h"

#include <errno.h>
#include <stdio.h>
#ifdef __linux__
#include <sys/xattr.h>
#endif

/*
 * system.posix_acl_access, all little-endian: a 32-bit version, then for each
 * entry its 16-bit tag, 16-bit permissions and 32-bit id (linux/posix_acl_xattr.h).
 */
enum { VERSION = 2, HEAD = 4, ENTRY = 8, LARGEST = 65536 };
enum { TAG_USER = 0x02, TAG_GROUP = 0x08, TAG_MASK = 0x10 };

static unsigned
tag(const unsigned char *entry)
{
	return entry[0] | (unsigned)entry[1] << 8;
}

static unsigned
permissions(const unsigned char *entry)
{
	return entry[2] | (unsigned)entry[3] << 8;
}

static unsigned long
id(const unsigned char *entry)
{
	return entry[4] | (unsigned long)entry[5] << 8 | (unsigned long)entry[6] << 16 |
	    (unsigned long)entry[7] << 24;
}

static int
name_them(struct slice acl, unsigned bits, struct buffer *names)
{
	char one[32];
	size_t i;

	for (i = HEAD; i < acl.n; i += ENTRY)
		if (tag(acl.p + i) == TAG_MASK)
			bits &= permissions(acl.p + i);
	for (i = HEAD; i < acl.n; i += ENTRY) {
		if ((tag(acl.p + i) != TAG_USER && tag(acl.p + i) != TAG_GROUP) ||
		    (permissions(acl.p + i) & bits) == 0)
			continue;
		snprintf(one, sizeof one, "%s%c:%lu", names->n > 0 ? "," : "",
		    tag(acl.p + i) == TAG_USER ? 'u' : 'g', id(acl.p + i));
		buffer_puts(names, one);
	}
	if (buffer_put(names, "", 1) == 0)
		return ERROR_NONE;
	errno = ENOMEM;
	return ERROR_SYSTEM;
}

/* The length of path's ACL, put into room bytes at acl; 0 without one. */
static ssize_t
read_acl(const char *path, unsigned char *acl, size_t room)
{
#ifdef __linux__
	ssize_t n = getxattr(path, "system.posix_acl_access", acl, room);

	return n == -1 && (errno == ENODATA || errno == ENOTSUP) ? 0 : n;
#else
	(void)path, (void)acl, (void)room;
	return 0;
#endif
}

int
permission_acl_names(const char *path, unsigned bits, struct buffer *names)
{
	unsigned char acl[LARGEST];
	ssize_t n = read_acl(path, acl, sizeof acl);

	if (n < 0)
		return ERROR_SYSTEM;
	if (n > 0 && (n < HEAD || (n - HEAD) % ENTRY != 0 || acl[0] != VERSION)) {
		errno = EINVAL;
		return ERROR_SYSTEM;
	}
	return name_them(slice_of(acl, (size_t)n), bits, names);
}
