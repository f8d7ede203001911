#include "log/log_stamp.h"

#define DAY 86400
#define QUARTER (15 * 60)

/* The number in n digits, or -1. */
static int
number(const unsigned char *p, size_t n)
{
	int value = 0;

	for (; n > 0; n--, p++) {
		if (*p < '0' || *p > '9')
			return -1;
		value = 10 * value + (*p - '0');
	}
	return value;
}

/* Reads HH:MM:SS; the second may be a leap second. Returns 1 or 0. */
static int
read_clock(const unsigned char *p, struct tm *tm)
{
	tm->tm_hour = number(p, 2);
	tm->tm_min = number(p + 3, 2);
	tm->tm_sec = number(p + 6, 2);
	return p[2] == ':' && p[5] == ':' && tm->tm_hour >= 0 && tm->tm_hour < 24 && tm->tm_min >= 0 &&
	    tm->tm_min < 60 && tm->tm_sec >= 0 && tm->tm_sec <= 60;
}

static int
is_date(const struct tm *tm)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	const int year = tm->tm_year + 1900;
	const int leap = tm->tm_mon == 1 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return tm->tm_mday >= 1 && tm->tm_mday <= days[tm->tm_mon] + leap;
}

/* The time of a local date; standard time if it occurs twice. */
static time_t
local(struct tm tm)
{
	struct tm standard = tm;
	time_t t;

	standard.tm_isdst = 0;
	t = mktime(&standard);
	if (standard.tm_isdst <= 0)
		return t;
	tm.tm_isdst = 1;
	return mktime(&tm);
}

/* Dates a quarter of an hour whose year is not known; -1 if it does not exist. Within 8 years there is
 * a 29 February. */
static time_t
latest(time_t now, struct tm quarter)
{
	const time_t end = now + DAY;
	struct tm tm;
	time_t t;
	int i;

	if (localtime_r(&end, &tm) == NULL)
		return -1;
	quarter.tm_year = tm.tm_year;
	for (i = 0; i <= 8; i++, quarter.tm_year--)
		if (is_date(&quarter) && (t = local(quarter)) <= end - QUARTER)
			return t;
	return -1;
}

/* mktime(3) is slow, and changes of the offset begin with a quarter of an hour: each is dated once. */
static int
take_classic(struct log_stamp *s, const unsigned char *p, time_t *when)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct tm tm = { .tm_mday = p[4] == ' ' ? number(p + 5, 1) : number(p + 4, 2) };
	int rest, quarter;

	while (tm.tm_mon < 12 && memcmp(months + 3 * tm.tm_mon, p, 3) != 0)
		tm.tm_mon++;
	if (tm.tm_mon == 12 || p[3] != ' ' || tm.tm_mday < 1 || tm.tm_mday > 31 || p[6] != ' ' ||
	    !read_clock(p + 7, &tm))
		return 0;
	quarter = ((tm.tm_mon * 31 + tm.tm_mday - 1) * 24 + tm.tm_hour) * 4 + tm.tm_min / 15 + 1;
	rest = tm.tm_min % 15 * 60 + tm.tm_sec;
	if (quarter != s->quarter) {
		tm.tm_min -= tm.tm_min % 15;
		tm.tm_sec = 0;
		s->base = latest(s->now, tm);
		s->quarter = quarter;
	}
	*when = s->base + rest;
	return s->base != -1;
}

/* The number of bytes of the offset at the beginning of text, in seconds; 0: there is none. */
static size_t
read_offset(struct slice text, int *seconds)
{
	size_t colon;
	int hours, minutes;

	*seconds = 0;
	if (text.n > 0 && text.p[0] == 'Z')
		return 1;
	if (text.n < 6 || (text.p[0] != '+' && text.p[0] != '-'))
		return 0;
	colon = text.p[3] == ':';
	hours = number(text.p + 1, 2);
	minutes = number(text.p + 3 + colon, 2);
	if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
		return 0;
	*seconds = (text.p[0] == '-' ? -60 : 60) * (60 * hours + minutes);
	return 5 + colon;
}

/* Returns the number of bytes, or 0. */
static size_t
take_iso(struct slice text, time_t *when)
{
	const unsigned char *p = text.p;
	struct tm tm = { .tm_year = number(p, 4) - 1900, .tm_mon = number(p + 5, 2) - 1, .tm_mday = number(p + 8, 2) };
	size_t n = 19, offset;
	int seconds;

	if (p[4] != '-' || p[7] != '-' || p[10] != 'T' || tm.tm_year < 70 || tm.tm_mon < 0 || tm.tm_mon > 11 ||
	    !is_date(&tm) || !read_clock(p + 11, &tm))
		return 0;
	if (n < text.n && p[n] == '.')
		for (n++; n < text.n && p[n] >= '0' && p[n] <= '9';)
			n++;
	if ((offset = read_offset(slice_skip(text, n), &seconds)) == 0)
		return 0;
	*when = timegm(&tm) - seconds;
	return n + offset;
}

enum log_stamp_form
log_stamp_take(struct log_stamp *s, struct slice *text, time_t *when)
{
	enum log_stamp_form form = LOG_STAMP_NONE;
	size_t n;

	if (text->n < 20)
		return LOG_STAMP_NONE;
	if (take_classic(s, text->p, when)) {
		form = LOG_STAMP_CLASSIC;
		n = 15;
	} else if ((n = take_iso(*text, when)) > 0)
		form = LOG_STAMP_ISO;
	if (form == LOG_STAMP_NONE || n >= text->n || text->p[n] != ' ')
		return LOG_STAMP_NONE;
	*text = slice_skip(*text, n + 1);
	return form;
}
