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
	{ "apply-local-docroot", ASCP_OPTION_NONE, ASCP_OTHER },
	{ "check-sshfp", ASCP_OPTION_VALUE, ASCP_OTHER },
	{ "delete-before-transfer", ASCP_OPTION_NONE, ASCP_OTHER },
	{ "dest64", ASCP_OPTION_NONE, ASCP_OTHER },
	{ "exclude-newer-than", ASCP_OPTION_VALUE, ASCP_OTHER },
	{ "exclude-older-than", ASCP_OPTION_VALUE, ASCP_OTHER },
	{ "file-checksum", ASCP_OPTION_VALUE, ASCP_OTHER },
	{ "file-crypt", ASCP_OPTION_VALUE, ASCP_OTHER },
	{ "file-manifest", ASCP_OPTION_VALUE, ASCP_OTHER },
	{ "file-manifest-inprogress-suffix", ASCP_OPTION_VALUE, ASCP_OTHER },
	{ "file-manifest-path", ASCP_OPTION_VALUE, ASCP_OTHER },
	{ "help", ASCP_OPTION_NONE, ASCP_OTHER },
	{ "ignore-host-key", ASCP_OPTION_NONE, ASCP_OTHER },
	{ "keepalive", ASCP_OPTION_NONE, ASCP_OTHER },
	{ "move-after-transfer", ASCP_OPTION_VALUE, ASCP_OTHER },
	{ "multi-session-threshold", ASCP_OPTION_VALUE, ASCP_OTHER },
	{ "no-open", ASCP_OPTION_NONE, ASCP_OTHER },
	{ "no-read", ASCP_OPTION_NONE, ASCP_OTHER },
	{ "no-write", ASCP_OPTION_NONE, ASCP_OTHER },
	{ "overwrite", ASCP_OPTION_VALUE, ASCP_OTHER },
	{ "partial-file-suffix", ASCP_OPTION_VALUE, ASCP_OTHER },
	{ "policy", ASCP_OPTION_VALUE, ASCP_OTHER },
	{ "precalculate-job-size", ASCP_OPTION_NONE, ASCP_OTHER },
	{ "preserve-access-time", ASCP_OPTION_NONE, ASCP_OTHER },
	{ "preserve-acls", ASCP_OPTION_VALUE, ASCP_OTHER },
	{ "preserve-creation-time", ASCP_OPTION_NONE, ASCP_OTHER },
	{ "preserve-file-owner-gid", ASCP_OPTION_NONE, ASCP_OTHER },
	{ "preserve-file-owner-uid", ASCP_OPTION_NONE, ASCP_OTHER },
	{ "preserve-modification-time", ASCP_OPTION_NONE, ASCP_OTHER },
	{ "preserve-source-access-time", ASCP_OPTION_NONE, ASCP_OTHER },
	{ "preserve-xattrs", ASCP_OPTION_VALUE, ASCP_OTHER },
	{ "proxy", ASCP_OPTION_VALUE, ASCP_OTHER },
	{ "remote-preserve-acls", ASCP_OPTION_VALUE, ASCP_OTHER },
	{ "remote-preserve-xattrs", ASCP_OPTION_VALUE, ASCP_OTHER },
	{ "remove-after-transfer", ASCP_OPTION_NONE, ASCP_OTHER },
	{ "remove-empty-directories", ASCP_OPTION_NONE, ASCP_OTHER },
	{ "remove-empty-source-directory", ASCP_OPTION_NONE, ASCP_OTHER },
	{ "retry-timeout", ASCP_OPTION_VALUE, ASCP_OTHER },
	{ "save-before-overwrite", ASCP_OPTION_NONE, ASCP_OTHER },
	{ "skip-special-files", ASCP_OPTION_NONE, ASCP_OTHER },
	{ "source-prefix", ASCP_OPTION_VALUE, ASCP_OTHER },
	{ "source-prefix64", ASCP_OPTION_VALUE, ASCP_OTHER },
	{ "src-base", ASCP_OPTION_VALUE, ASCP_OTHER },
	{ "src-base64", ASCP_OPTION_VALUE, ASCP_OTHER },
	{ "ssh-arg", ASCP_OPTION_VALUE, ASCP_OTHER },
	{ "symbolic-links", ASCP_OPTION_VALUE, ASCP_OTHER },
	{ "tags", ASCP_OPTION_VALUE, ASCP_OTHER },
	{ "tags64", ASCP_OPTION_VALUE, ASCP_OTHER },
	{ "version", ASCP_OPTION_NONE, ASCP_OTHER },
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
