/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/catalogue.h"
#include "report/page/about.h"
#include "report/page/phrase.h"
#include <stdio.h>
#include <string.h>
#include <time.h>

/* Days since 1970-01-01 as a date of the Gregorian calendar; years begin in March inside. */
static void civil(int64_t days, int64_t *year, int *month, int *day)
{
	int64_t shifted = days + 719468;
	int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
	int64_t of_era = shifted - era * 146097;
	int64_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * y + y / 4 - y / 100);
	int64_t m = (5 * of_year + 2) / 153;

	*day = (int)(of_year - (153 * m + 2) / 5 + 1);
	*month = (int)(m < 10 ? m + 3 : m - 9);
	*year = y + era * 400 + (*month <= 2);
}

const char *phrase_time(int64_t ns, char buf[PHRASE_TIME_BYTES])
{
	const int64_t day_us = INT64_C(86400000000);
	int64_t us = ns / 1000 - (ns % 1000 < 0);
	int64_t days = us / day_us - (us % day_us < 0);
	int64_t rest = us - days * day_us, year;
	int month, day;

	civil(days, &year, &month, &day);
	snprintf(buf, PHRASE_TIME_BYTES, "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", (int)year, month,
		 day, (int)(rest / 3600000000), (int)(rest / 60000000 % 60),
		 (int)(rest / 1000000 % 60), (int)(rest % 1000000));
	return buf;
}

/* The digits at s[at] as a number; they are known to be digits. */
static int digits(const char *s, size_t at, size_t n)
{
	int value = 0;

	for (size_t i = at; i < at + n; i++)
		value = value * 10 + (s[i] - '0');
	return value;
}

bool phrase_time_parse(const char *s, int64_t *ns)
{
	static const char form[] = "0000-00-00T00:00:00.000000Z";
	struct tm tm = {0};

	if (strlen(s) != sizeof(form) - 1)
		return false;
	for (size_t i = 0; i < sizeof(form) - 1; i++) {
		if (form[i] == '0' ? s[i] < '0' || s[i] > '9' : s[i] != form[i])
			return false;
	}
	tm.tm_year = digits(s, 0, 4) - 1900;
	if (tm.tm_year < 70 || tm.tm_year > 350)
		return false; /* nanoseconds since 1970 reach to 2262 */
	tm.tm_mon = digits(s, 5, 2) - 1;
	tm.tm_mday = digits(s, 8, 2);
	tm.tm_hour = digits(s, 11, 2);
	tm.tm_min = digits(s, 14, 2);
	tm.tm_sec = digits(s, 17, 2);
	*ns = (int64_t)timegm(&tm) * 1000000000 + (int64_t)digits(s, 20, 6) * 1000;
	return true;
}

bool phrase_rounds(const struct about *about, const struct catalogue *c, struct text *out)
{
	enum rounds_outcome outcome = about_rounds(about);
	char first[PHRASE_TIME_BYTES], last[PHRASE_TIME_BYTES];

	if (outcome == ROUNDS_ONE)
		return false;
	phrase_time(about->rounds[0].started_ns, first);
	phrase_time(about->rounds[about->rounds_n - 1].started_ns, last);
	if (outcome == ROUNDS_DIFFER)
		text_addf(out, catalogue_say(c, "The %zu rounds from %s to %s do not agree: "),
			  about->rounds_n, first, last);
	else
		text_addf(out, catalogue_say(c, "The same in all %zu rounds, from %s to %s."),
			  about->rounds_n, first, last);
	for (size_t i = 0; outcome == ROUNDS_DIFFER && i < about->rounds_n; i++)
		text_addf(out, "%s%s (%s)", i > 0 ? ", " : "", about->rounds[i].state,
			  about->rounds[i].blocker);
	if (outcome == ROUNDS_DIFFER)
		text_add(out, catalogue_say(c, ". This is the last round's answer."));
	if (outcome == ROUNDS_PERMANENT && strcmp(about->rounds[0].state, "blocked") == 0)
		text_add(out, catalogue_say(c, " The port is permanently blocked."));
	return true;
}
