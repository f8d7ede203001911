/*
 * permission_report: findings as lines: the file and why it is refused, or the commands that repair
 * it.
 */
#ifndef PERMISSION_REPORT_H
#define PERMISSION_REPORT_H

#include "base/buffer.h"
#include "permission/permission_rules.h"

/* permission_report_put: appends a row (base/row.h), or an object if json is not 0: verdict
 * ("refuse" or "note"), path, rule (as the manual lists it), reason (what sshd or ssh does, and
 * why). */
void permission_report_put(struct buffer *out, const struct permission_finding *f, int json);

/* permission_report_put_fact: appends only the fact that is the reason, not escaped. */
void permission_report_put_fact(struct buffer *out, const struct permission_finding *f);

/* permission_report_put_repair: appends the commands for sh(1) that repair a refused finding, each
 * on a line; the account must run them. If the object is outside the account's home, belongs to
 * another account, or cannot be repaired by a mode, appends the comment "# needs the administrator:
 * PATH: REASON"; if the fault is in the text, "# needs an editor: ...". For a note, appends
 * nothing. Paths are quoted; if shown is not 0, the lines are for a terminal, and paths in commands
 * are escaped too (escape.h). */
void permission_report_put_repair(struct buffer *out, const struct permission_finding *f,
    int shown);

#endif
