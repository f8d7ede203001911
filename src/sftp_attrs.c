#include "sftp_attrs.h"
#include "ssh_wire.h"

#include <sys/stat.h>

#define OWNER    2u
#define EXTENDED 0x80000000u

static uint32_t
seconds(time_t t)
{
	return t < 0 ? 0 : t > (time_t)UINT32_MAX ? UINT32_MAX : (uint32_t)t;
}

struct sftp_attrs
sftp_attrs_of(const struct stat *st)
{
	struct sftp_attrs a = { SFTP_ATTRS_SIZE | SFTP_ATTRS_MODE | SFTP_ATTRS_TIMES,
	    (uint64_t)st->st_size, (uint32_t)st->st_mode, seconds(st->st_mtime), 0 };

	a.version = (uint64_t)st->st_ino << 30 ^ (uint64_t)st->st_mtim.tv_nsec;
	return a;
}

static int
get_u64(struct slice *in, uint64_t *v)
{
	uint32_t high, low;

	if (ssh_wire_get_u32(in, &high) != 0 || ssh_wire_get_u32(in, &low) != 0)
		return -1;
	*v = (uint64_t)high << 32 | low;
	return 0;
}

int
sftp_attrs_get(struct slice *in, struct sftp_attrs *a)
{
	const struct sftp_attrs none = { 0, 0, 0, 0, 0 };
	struct slice word;
	uint32_t flags, n, skipped;

	*a = none;
	if (ssh_wire_get_u32(in, &flags) != 0)
		return -1;
	a->has = flags & (SFTP_ATTRS_SIZE | SFTP_ATTRS_MODE | SFTP_ATTRS_TIMES);
	if (flags & SFTP_ATTRS_SIZE && get_u64(in, &a->size) != 0)
		return -1;
	if (flags & OWNER && ssh_wire_get_bytes(in, 8, &word) != 0)
		return -1;
	if (flags & SFTP_ATTRS_MODE && ssh_wire_get_u32(in, &a->mode) != 0)
		return -1;
	if (flags & SFTP_ATTRS_TIMES && (ssh_wire_get_u32(in, &skipped) != 0 ||
	    ssh_wire_get_u32(in, &a->mtime) != 0))
		return -1;
	if (!(flags & EXTENDED))
		return 0;
	if (ssh_wire_get_u32(in, &n) != 0)
		return -1;
	for (; n > 0; n--) {
		if (ssh_wire_get_string(in, &word) != 0 || ssh_wire_get_string(in, &word) != 0)
			return -1;
	}
	return 0;
}

int
sftp_attrs_put(struct buffer *out, const struct sftp_attrs *a)
{
	ssh_wire_put_u32(out, a->has & (SFTP_ATTRS_MODE | SFTP_ATTRS_TIMES));
	if (a->has & SFTP_ATTRS_MODE)
		ssh_wire_put_u32(out, a->mode & (S_ISDIR(a->mode) ? 07777 : 0777));
	if (a->has & SFTP_ATTRS_TIMES) {
		ssh_wire_put_u32(out, a->mtime);
		ssh_wire_put_u32(out, a->mtime);
	}
	return out->failed ? -1 : 0;
}

int
sftp_attrs_same(const struct sftp_attrs *a, const struct sftp_attrs *b)
{
	const unsigned both = SFTP_ATTRS_SIZE | SFTP_ATTRS_TIMES;

	return (a->has & b->has & both) == both && a->size == b->size && a->mtime == b->mtime;
}
