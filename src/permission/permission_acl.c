#include "permission/permission_acl.h"
#include "base/error.h"

#include <errno.h>
#ifdef __linux__
#include <sys/xattr.h>
#endif

/* system.posix_acl_access, all little-endian: a 32-bit version, then for each entry its 16-bit tag,
 * 16-bit permissions and 32-bit id (linux/posix_acl_xattr.h). */
enum { VERSION = 2, HEAD = 4, ENTRY = 8, LARGEST = 65536 };
enum { TAG_USER = 0x02, TAG_GROUP = 0x08, TAG_MASK = 0x10 };

static unsigned long
number(const unsigned char *p, size_t n)
{
	unsigned long v = 0;

	while (n-- > 0)
		v = v << 8 | p[n];
	return v;
}

static void
put_names(struct slice acl, unsigned long bits, struct buffer *names)
{
	const unsigned char *entry, *end = acl.p + acl.n;
	unsigned long tag;

	for (entry = acl.p + HEAD; entry < end; entry += ENTRY)
		if (number(entry, 2) == TAG_MASK)
			bits &= number(entry + 2, 2);
	for (entry = acl.p + HEAD; entry < end; entry += ENTRY) {
		tag = number(entry, 2);
		if ((tag != TAG_USER && tag != TAG_GROUP) || (number(entry + 2, 2) & bits) == 0)
			continue;
		buffer_puts(names, names->n > 0 ? "," : "");
		buffer_puts(names, tag == TAG_USER ? "u:" : "g:");
		buffer_put_decimal(names, number(entry + 4, 4));
	}
}

/* The length of the ACL of path; 0 if it has none. */
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
	if (n > 0)
		put_names(slice_of(acl, (size_t)n), bits, names);
	return buffer_string(names) != NULL ? ERROR_NONE : ERROR_SYSTEM;
}
