/*
 * die: the messages of a filter on standard error, and its exit. Only for mains: the library
 * returns error codes and prints nothing.
 *
 * Every message is one line, "xferkey-NAME: TEXT", written at once and without allocating memory.
 * Characters that escape.h calls unprintable are shown as \ooo, so that neither a file name nor a
 * comment can move the cursor or forge a line.
 */
#ifndef DIE_H
#define DIE_H

#include <stdlib.h>

enum status { STATUS_YES = 0, STATUS_NO = 1, STATUS_TROUBLE = 2 };

/* Each main defines its own name, such as "keygen". */
extern const char die_tool[];

/* die_typed: the command that the user typed, which a front end puts into XFERKEY_TOOL; else
 * die_tool. */
const char *die_typed(void);

/* die_warn: prints one message. A format that ends in ':' gets " " and strerror(errno) appended.
 * Returns STATUS_TROUBLE. */
int die_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* die: die_warn, then exit with status 2. Only while no secret is in memory. */
#define die(...) exit(die_warn(__VA_ARGS__))

/* die_output: returns if everything was written to standard output; else exits with status 2, after
 * a message of errno unless standard output is a pipe without a reader. */
void die_output(void);

/* die_memory: prints "out of memory" and ends the process at once, with status 2, without
 * atexit(3). For crypto_init. */
_Noreturn void die_memory(void);

/* die_option: the default case for getopt(3), whose option letters must begin with ':'.
 *
 *	-h, --help	prints usage to standard output, exits with status 0
 *	-V, --version	prints the version to standard output, exits with status 0
 *	else		the option is unknown or lacks its value: prints that, exits with status 2 */
_Noreturn void die_option(int c, char *const *argv, const char *usage);

#endif
