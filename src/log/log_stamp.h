/*
 * log_stamp: the time stamp at the beginning of a line of a log.
 *
 *	LOG_STAMP_CLASSIC  Nov 30 19:53:13 (RFC 3164, 4.1.2): local time, no year
 *	LOG_STAMP_ISO      2026-11-30T19:53:13.123456+01:00 (RFC 3339; RFC 5424, 6.2.3): with or without a
 *	                   fraction, which is ignored; then Z, or an offset with or without a colon
 *
 * A classic stamp gets the latest year in which it exists and is not more than a day after now. So the
 * order of the lines does not count, and a stamp that is older than a year gets a year that is too
 * late. A local time that occurs twice is taken as standard time.
 */
#ifndef LOG_STAMP_H
#define LOG_STAMP_H

#include "base/slice.h"

#include <time.h>

enum log_stamp_form { LOG_STAMP_NONE, LOG_STAMP_CLASSIC, LOG_STAMP_ISO };

struct log_stamp {
	time_t now;
	int quarter;    /* which quarter of an hour of a year was dated last, plus 1; 0: none */
	time_t base;    /* when that quarter begins, or -1 */
};

/* log_stamp_take: removes a time stamp and the blank after it from text, and sets *when. s is
 * { .now = time(NULL) } before the first call. Returns the form; LOG_STAMP_NONE if text does not begin
 * with a time that exists. */
enum log_stamp_form log_stamp_take(struct log_stamp *s, struct slice *text, time_t *when);

#endif
