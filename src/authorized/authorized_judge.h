/*
 * authorized_judge: lists the keys of an account's authorized_keys file, and says of each whether
 * sshd would let it in: by owners and modes (permission_rules.h), and by its line
 * (authorized_keys_lets_in).
 */
#ifndef AUTHORIZED_JUDGE_H
#define AUTHORIZED_JUDGE_H

#include "base/account.h"
#include "base/buffer.h"
#include "crypto/digest.h"
#include "permission/permission_rules.h"

#include <time.h>

#define AUTHORIZED_JUDGE_MAX ((size_t)8 << 20)  /* bytes, of a file */

/* Zeros, but for profile, now, digest and the buffers. */
struct authorized_judge {
	struct account_table table;
	struct permission_parent parent;
	enum permission_profile profile;
	time_t now;
	struct digest *digest;          /* SHA256 */
	struct buffer out;
	struct buffer modes, other;     /* why sshd refuses the file: by owner or mode, or else */
	struct buffer first;            /* why it finds no key in the line at, from 1; */
	unsigned long at;               /* 0: it may find one in every line */
};

/* authorized_judge_file: appends a row (base/row.h) for each key of the file, an absolute path, to
 * j->out. The process must have become the account, and its working directory must be /. The columns
 * are account, file, line, type, bits, fingerprint, options, expires (UTC), comment; modes: why an
 * owner or a mode is refused, if StrictModes is yes; answer: "yes", "no: REASON" or "not known:
 * REASON", without modes; the value of from; "command", if there is a command; the name and base64
 * of the key. A missing file has no rows. Returns 0; 1 if the account cannot read the file, or it is
 * not regular, so that sshd lets no key in: j->other says why; ERROR_TOO_BIG; or another error. */
int authorized_judge_file(struct authorized_judge *j, const struct account *account,
    const char *home, const char *file);

#endif
