/* SPDX-License-Identifier: BSD-2-Clause */
/* Times and conditions in words. */
#include "report/history/history.h"
#include "report/page/phrase.h"
#include <string.h>

#define SECOND_US INT64_C(1000000)
#define DATE_LEN  10 /* 2026-11-30 */

/* "2026-11-30 03:10" */
static void add_minute(struct text *out, int64_t us)
{
	char buf[PHRASE_TIME_BYTES];

	phrase_time(us * 1000, buf);
	text_addf(out, "%.10s %.5s", buf, buf + DATE_LEN + 1);
}

void past_add_time(struct text *out, int64_t us)
{
	add_minute(out, us);
	text_add(out, " UTC");
}

void past_add_duration(struct text *out, int64_t us)
{
	long long s = us / SECOND_US;

	if (s < 120)
		text_addf(out, "%lld s", s);
	else if (s < 7200)
		text_addf(out, "%lld min", s / 60);
	else if (s < 2 * 86400)
		text_addf(out, "%lld h %lld min", s / 3600, s % 3600 / 60);
	else
		text_addf(out, "%lld d %lld h", s / 86400, s % 86400 / 3600);
}

void past_add_condition(struct text *out, const struct condition *c)
{
	const char *between = " by ";

	text_add(out, c->state == STATE_UNKNOWN ? "undecided" : state_name(c->state));
	if (c->state == STATE_CLOSED || c->state == STATE_UNKNOWN)
		return;
	for (int b = BLOCKER_LOCAL_HOST; b < BLOCKER_UNKNOWN; b++) {
		const char *party = phrase_party((enum blocker)b);

		if (!(c->who & CONDITION_BIT(b)) || !party)
			continue;
		text_addf(out, "%s%s", between, party);
		between = " or ";
	}
}

/* "between 2026-11-30 03:10 and 03:20 UTC" */
static void add_between(struct text *out, int64_t from_us, int64_t to_us)
{
	char from[PHRASE_TIME_BYTES], to[PHRASE_TIME_BYTES];

	phrase_time(from_us * 1000, from);
	phrase_time(to_us * 1000, to);
	text_add(out, "between ");
	add_minute(out, from_us);
	text_add(out, " and ");
	/* The day once, where it is the same. */
	if (memcmp(from, to, DATE_LEN) == 0)
		text_addf(out, "%.5s", to + DATE_LEN + 1);
	else
		add_minute(out, to_us);
	text_add(out, " UTC");
}

void past_add_since(struct text *out, const struct period *p)
{
	text_add(out, "since ");
	if (p->before_us) {
		add_between(out, p->before_us, p->since_us);
		return;
	}
	past_add_time(out, p->since_us);
	text_add(out, " or earlier");
}

void past_add_until(struct text *out, const struct period *p)
{
	if (p->until_us)
		add_between(out, p->last_us, p->until_us);
}

void past_add_step(struct text *out, int64_t step_us)
{
	text_addf(out, "set %s by ", step_us < 0 ? "back" : "forward");
	/* It is known to some milliseconds: an hour is an hour. */
	past_add_duration(out, (step_us < 0 ? -step_us : step_us) + SECOND_US / 2);
}

void past_add_length(struct text *out, const struct period *p)
{
	if (p->unobserved_us > 0)
		text_add(out, "at least ");
	past_add_duration(out, p->last_us - p->since_us - p->unobserved_us);
}
