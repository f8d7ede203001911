/*
 * die: what a filter says on standard error, and how it ends. For mains only: the library returns
 * error codes and never speaks.
 *
 * Every message is one line, "xferkey-NAME: TEXT", written at once and without allocating memory;
 * what escape.h calls unprintable is shown as \ooo, so that neither a file name nor a comment can
 * move the cursor or forge a line.
 */
#ifndef DIE_H
#define DIE_H

#include <stdlib.h>

enum status { STATUS_YES = 0, STATUS_NO = 1, STATUS_TROUBLE = 2 };

/* Each main defines its own name, such as "keygen". */
extern const char die_tool[];

/* die_typed: the name that was typed, which a front end puts into XFERKEY_TOOL, or else
 * die_tool. */
const char *die_typed(void);

/* die_warn: prints one message. A format that ends in ':' gets " " and strerror(errno) appended.
 * Returns STATUS_TROUBLE. */
int die_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* die: die_warn, then exit with status 2. Only while no secret is held. */
#define die(...) exit(die_warn(__VA_ARGS__))

/* die_output: returns if all was written to standard output; else dies of errno, without a word if
 * that is a pipe that nobody reads any more. */
void die_output(void);

/* die_memory: says "out of memory" and ends the process at once, with status 2, without atexit(3).
 * For crypto_init. */
_Noreturn void die_memory(void);

/* die_option: for getopt(3)'s default case, with ':' first in its letters. For -h and --help prints
 * usage, the whole of the help, to standard output, for -V and --version the version, and exits 0;
 * an unknown option or a missing value is a line and status 2. */
_Noreturn void die_option(int c, char *const *argv, const char *usage);

#endif
