#include "ascp/ascp_option.h"

#include <string.h>

/* -D repeats, and letters with values of their own may follow: -DDL- */
static const char flags[] = "AdDhpqrvQT67";
static const char attached[] = "w";
static const char valued[] = "@CcEefGgIjKmMNOoRStuWXxYyZ";

static const struct ascp_option
	flag = { NULL, ASCP_OPTION_NONE, ASCP_OTHER },
	rest = { NULL, ASCP_OPTION_ATTACHED, ASCP_OTHER },
	value = { NULL, ASCP_OPTION_VALUE, ASCP_OTHER },
	unknown = { NULL, ASCP_OPTION_NONE, ASCP_UNKNOWN };

#define FLAG(name) { name, ASCP_OPTION_NONE, ASCP_OTHER }
#define VALUED(name) { name, ASCP_OPTION_VALUE, ASCP_OTHER }

static const struct ascp_option options[] = {
	{ "i", ASCP_OPTION_VALUE, ASCP_KEY },
	{ "k", ASCP_OPTION_VALUE, ASCP_RESUME },
	{ "L", ASCP_OPTION_VALUE, ASCP_LOG },
	{ "l", ASCP_OPTION_VALUE, ASCP_RATE },
	{ "P", ASCP_OPTION_VALUE, ASCP_PORT },
	{ "file-list", ASCP_OPTION_VALUE, ASCP_FILE_LIST },
	{ "file-pair-list", ASCP_OPTION_VALUE, ASCP_FILE_PAIR_LIST },
	{ "host", ASCP_OPTION_VALUE, ASCP_HOST },
	{ "mode", ASCP_OPTION_VALUE, ASCP_MODE },
	{ "user", ASCP_OPTION_VALUE, ASCP_USER },
	FLAG("apply-local-docroot"), FLAG("delete-before-transfer"), FLAG("dest64"),
	FLAG("help"), FLAG("ignore-host-key"), FLAG("keepalive"), FLAG("no-open"),
	FLAG("no-read"), FLAG("no-write"), FLAG("precalculate-job-size"),
	FLAG("preserve-access-time"), FLAG("preserve-creation-time"),
	FLAG("preserve-file-owner-gid"), FLAG("preserve-file-owner-uid"),
	FLAG("preserve-modification-time"), FLAG("preserve-source-access-time"),
	FLAG("remove-after-transfer"), FLAG("remove-empty-directories"),
	FLAG("remove-empty-source-directory"), FLAG("save-before-overwrite"),
	FLAG("skip-special-files"), FLAG("version"),
	VALUED("check-sshfp"), VALUED("exclude-newer-than"), VALUED("exclude-older-than"),
	VALUED("file-checksum"), VALUED("file-crypt"), VALUED("file-manifest"),
	VALUED("file-manifest-inprogress-suffix"), VALUED("file-manifest-path"),
	VALUED("move-after-transfer"), VALUED("multi-session-threshold"), VALUED("overwrite"),
	VALUED("partial-file-suffix"), VALUED("policy"), VALUED("preserve-acls"),
	VALUED("preserve-xattrs"), VALUED("proxy"), VALUED("remote-preserve-acls"),
	VALUED("remote-preserve-xattrs"), VALUED("retry-timeout"), VALUED("source-prefix"),
	VALUED("source-prefix64"), VALUED("src-base"), VALUED("src-base64"), VALUED("ssh-arg"),
	VALUED("symbolic-links"), VALUED("tags"), VALUED("tags64"),
};

const struct ascp_option *
ascp_option_letter(char c)
{
	size_t i;

	for (i = 0; i < sizeof options / sizeof options[0]; i++)
		if (options[i].name[0] == c && options[i].name[1] == '\0')
			return &options[i];
	return strchr(flags, c) != NULL ? &flag : strchr(attached, c) != NULL ? &rest :
	    strchr(valued, c) != NULL ? &value : &unknown;
}

const struct ascp_option *
ascp_option_long(const char *name, size_t n)
{
	const struct ascp_option *found = &unknown;
	size_t i;

	for (i = 0; i < sizeof options / sizeof options[0]; i++) {
		if (options[i].name[1] == '\0' || strncmp(options[i].name, name, n) != 0)
			continue;
		if (options[i].name[n] == '\0')
			return &options[i];
		found = found == &unknown ? &options[i] : &flag;
	}
	return found->name != NULL ? found : &unknown;
}
