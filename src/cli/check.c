/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A monitoring plugin, as Nagios, Icinga and their like run it: one line on standard output, errors
 * too, performance data behind a bar, and exit statuses of their own.
 */
#include "cli/check_line.h"
#include "cli/command.h"
#include "cli/out/log.h"
#include "cli/watch/measurement.h"
#include "cli/watch/store.h"
#include "io/host/clock.h"
#include "io/host/interrupts.h"
#include "io/host/privilege.h"
#include "report/history/history.h"
#include <poll.h>
#include <unistd.h>

#define SECOND_US INT64_C(1000000)
#define SPARE_MS  1000U /* of the time for everything, what is not the measurement's */

static enum plugin_status judge(const struct options *o, enum state state)
{
	uint8_t bit = (uint8_t)(1U << state);

	if (o->watch.critical & bit)
		return PLUGIN_CRITICAL;
	if (o->watch.warning & bit)
		return PLUGIN_WARNING;
	return state == STATE_UNKNOWN ? PLUGIN_UNKNOWN : PLUGIN_OK;
}

static void add_performance(struct text *out, const struct run_record *run)
{
	uint32_t sent =
		run->target.accepted + run->target.reset + run->target.icmp + run->target.silent;

	text_addf(out, "time=%.3fs;;;0 syns=%u;;;0 accepted=%u;;;0",
		  (double)(run->ended_us - run->started.wall_us) / 1e6, sent, run->target.accepted);
	if (run->confidence >= 0)
		text_addf(out, " confidence=%.4f;;;0;1", run->confidence);
	if (run->control_rtt_ms >= 0)
		text_addf(out, " control_rtt=%.3fms;;;0", run->control_rtt_ms);
}

/* What one run says, `since` where it is known since when. */
static int judge_run(const struct options *o, const struct run_record *run, const char *sentence,
		     const struct period *confirmed)
{
	struct text performance = {0}, line = {0};
	int status = PLUGIN_UNKNOWN;

	text_add(&line, sentence ? sentence : "nothing is said");
	if (confirmed && condition_agrees(&confirmed->condition, &run->condition)) {
		text_add(&line, " (");
		past_add_since(&line, confirmed);
		text_add(&line, ")");
	}
	if (run_worth(run->status) == RUN_FAILED) {
		status = check_line(PLUGIN_UNKNOWN, text_str(&line), NULL);
	} else {
		add_performance(&performance, run);
		status = check_line(judge(o, run->condition.state), text_str(&line), &performance);
	}
	text_free(&performance);
	text_free(&line);
	return status;
}

/* What the watch found last; nothing is measured. */
static int check_history(const struct options *o)
{
	struct history_list list;
	struct text old = {0};
	struct err err = {0};
	const struct past *past;
	int64_t now_us = clock_real_ns() / 1000, age_us;
	int status;

	if (store_confine(&err) != 0 || store_read(o, o->watch.subject, &list, &err) != 0)
		return check_refuse(err.msg);
	past = &list.items[0];
	age_us = past->runs_n ? now_us - past->runs[past->runs_n - 1].ended_us : INT64_MAX;
	if (past->runs_n == 0)
		status = check_refuse("the history holds no run yet");
	else if (age_us > (int64_t)o->watch.max_age_ms * 1000) {
		text_add(&old, "the newest run ended ");
		past_add_duration(&old, age_us);
		text_add(&old, " ago");
		status = check_refuse(text_str(&old));
	} else
		status = judge_run(o, &past->runs[past->runs_n - 1], past->sentence,
				   tracker_confirmed(&past->tracker, now_us));
	text_free(&old);
	history_list_free(&list);
	return status;
}

/* Waits for the run, which is ended when its time is over. */
static void wait_for(struct measurement *m, int signal_fd, struct outcome *out)
{
	struct pollfd polled = {.fd = signal_fd, .events = POLLIN};

	while (!measurement_take(m, out)) {
		int64_t left_us = m->end_us - clock_boot_ns() / 1000;

		(void)poll(&polled, 1, left_us > 0 ? (int)(left_us / 1000) + 1 : 10);
		while (interrupts_next(signal_fd) != 0)
			;
		measurement_bound(m);
	}
}

/* One run, within the time for everything. */
static int check_now(const struct options *o)
{
	struct options probe = *o;
	struct measurement m;
	struct outcome outcome;
	struct err err = {0};
	uint32_t most_ms = o->watch.timeout_ms - SPARE_MS;
	int signal_fd, status;

	probe.command = COMMAND_PROBE;
	probe.json = true;
	probe.quiet = true;
	probe.budget_ms = o->budget_ms < most_ms ? o->budget_ms : most_ms;
	if (!privilege_net_raw())
		return check_refuse("not permitted: whoblocks needs CAP_NET_RAW to measure; with "
				    "--history it only reads");
	signal_fd = interrupts_open_watch(&err);
	if (signal_fd < 0 || measurement_start(&m, &probe, &err) != 0)
		return check_refuse(err.msg);
	m.end_us = m.started.boot_us + (int64_t)o->watch.timeout_ms * 1000 - SECOND_US / 4;
	wait_for(&m, signal_fd, &outcome);
	status = judge_run(o, &outcome.run, outcome.run.sentence, NULL);
	outcome_free(&outcome);
	close(signal_fd);
	return status;
}

int check_main(const struct options *o)
{
	return o->watch.history ? check_history(o) : check_now(o);
}
