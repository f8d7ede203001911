/*
 * receive: a public key from somebody else, on standard input.
 */
#ifndef RECEIVE_H
#define RECEIVE_H

#include "base/buffer.h"

/* receive_key: reads the one public key on standard input, if servers should let it in. If weak is 1,
 * KEY_DOUBTFUL ones are accepted, too; if shared is 1, only KEY_SHARED ones (keyfile/key_policy.h). Sets
 * blob to its bytes; appends its line, without options, to line, and these options to dropped. Ends the
 * process after an error. */
void receive_key(int weak, int shared, struct buffer *blob, struct buffer *line, struct buffer *dropped);

#endif
