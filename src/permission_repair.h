/*
 * permission_repair: what makes a refused object accepted, as lines for sh(1).
 */
#ifndef PERMISSION_REPAIR_H
#define PERMISSION_REPAIR_H

#include "permission_rules.h"

/*
 * permission_repair_put: appends the commands that repair a refused finding,
 * each a line, for the account to run; for an object outside its home, or that
 * is not its own, or that no mode can mend, the comment "# needs the
 * administrator: PATH: REASON", and for a fault of the text "# needs an editor: ...".
 * Nothing for a note.
 *
 * Paths are quoted. When shown is not 0 the lines are for eyes, and what
 * escape.h calls unprintable is escaped in a command too.
 */
void permission_repair_put(struct buffer *out, const struct permission_finding *f, int shown);

#endif
