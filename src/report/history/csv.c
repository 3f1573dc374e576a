/* SPDX-License-Identifier: BSD-2-Clause */
/* The history for spreadsheets: RFC 4180, with a line of names. */
#include "report/history/history.h"
#include "report/page/phrase.h"
#include <string.h>

/* A value in quotes. One that a spreadsheet would take for a formula gets an apostrophe. */
static void add_text(struct text *out, const char *s)
{
	text_add(out, "\"");
	if (s && *s && strchr("=+-@\t\r", *s))
		text_add(out, "'");
	while (s && *s) {
		size_t n = strcspn(s, "\"");

		text_add_untrusted(out, s, n);
		if (s[n] == '"')
			text_add(out, "\"\"");
		s += n + (s[n] == '"');
	}
	text_add(out, "\"");
}

static void add_time(struct text *out, int64_t us)
{
	char buf[PHRASE_TIME_BYTES];

	text_addf(out, ",%s", us ? phrase_time(us * 1000, buf) : "");
}

static void add_who(struct text *out, const struct condition *c)
{
	const char *between = "";

	text_addf(out, ",%s,%s,", state_name(c->state), blocker_name(condition_blocker(c)));
	for (int b = BLOCKER_LOCAL_HOST; b < BLOCKER_UNKNOWN; b++) {
		if (!(c->who & CONDITION_BIT(b)))
			continue;
		text_addf(out, "%s%s", between, blocker_name((enum blocker)b));
		between = " ";
	}
}

static void add_run(struct text *out, const struct past *past, const struct run_record *run)
{
	add_text(out, past->name);
	text_addf(out, ",%u", past->port);
	add_time(out, run->started.wall_us);
	add_time(out, run->ended_us);
	text_addf(out, ",%d", run->status);
	add_who(out, &run->condition);
	text_addf(out, ",%s,", mechanism_name(run->mechanism));
	if (run->confidence >= 0)
		text_addf(out, "%.4f", run->confidence);
	text_addf(out, ",%u,%u,%u,%u", run->target.accepted, run->target.reset, run->target.icmp,
		  run->target.silent);
	text_addf(out, ",%u,%u,%u,%u,", run->control.accepted, run->control.reset,
		  run->control.icmp, run->control.silent);
	if (run->control_rtt_ms >= 0)
		text_addf(out, "%.3f", run->control_rtt_ms);
	text_addf(out, ",%d\r\n", run->clock_ok);
}

static void add_period(struct text *out, const struct past *past, const struct past_period *p)
{
	add_text(out, past->name);
	text_addf(out, ",%u", past->port);
	add_who(out, &p->period.condition);
	text_addf(out, ",%s", mechanism_name(p->period.mechanism));
	add_time(out, p->period.before_us);
	add_time(out, p->period.since_us);
	add_time(out, p->period.last_us);
	add_time(out, p->period.until_us);
	text_addf(out, ",%lld,", (long long)(p->period.unobserved_us / 1000000));
	add_text(out, p->sentence);
	text_add(out, ",");
	add_text(out, p->proof);
	text_add(out, "\r\n");
}

void past_csv(const struct past *items, size_t n, bool changes, struct text *out)
{
	text_add(out, changes ? "subject,port,state,blocker,suspects,mechanism,before,since,last,"
				"until,unobserved_s,sentence,evidence\r\n"
			      : "subject,port,started,ended,status,state,blocker,suspects,"
				"mechanism,confidence,target_accepted,target_reset,target_icmp,"
				"target_silent,control_accepted,control_reset,control_icmp,"
				"control_silent,control_rtt_ms,clock_ok\r\n");
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < items[i].periods_n && changes; k++)
			add_period(out, &items[i], &items[i].periods[k]);
		for (size_t k = 0; k < items[i].runs_n && !changes; k++)
			add_run(out, &items[i], &items[i].runs[k]);
	}
}
