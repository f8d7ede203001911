/*
 * permission_report: findings as lines: what is refused and why, or what repairs it.
 */
#ifndef PERMISSION_REPORT_H
#define PERMISSION_REPORT_H

#include "base/buffer.h"
#include "permission/permission_rules.h"

/* permission_report_put: appends a row (base/row.h), with json an object: verdict, which is "refuse"
 * or "note", path, rule as the manual lists it, reason: what sshd or ssh does and why. */
void permission_report_put(struct buffer *out, const struct permission_finding *f, int json);

/* permission_report_put_repair: appends the commands that repair a refused finding, each a line for
 * sh(1), for the account to run. For an object outside its home, or that is not its own, or that no
 * mode can mend, it is the comment "# needs the administrator: PATH: REASON", and for a fault of
 * the text "# needs an editor: ...". Nothing for a note. Paths are quoted; if shown is not 0 the
 * lines are for a terminal, and commands are escaped too (escape.h). */
void permission_report_put_repair(struct buffer *out, const struct permission_finding *f,
    int shown);

#endif
