/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/live/live.h"
#include "cli/command.h"
#include "io/host/netwatch.h"
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#define MS	  INT64_C(1000000)
#define SAMPLE_NS (100 * MS)
#define GRACE_NS  (500 * MS) /* for answers under way when the network goes */
#define HOUR_NS	  (3600 * INT64_C(1000000000))
#define DRAIN_MAX 512 /* frames taken before a probe gets its turn again */
#define KEPT_MAX  200000

static void sample_drops(struct live *live, int64_t now_ns)
{
	struct source_counts counts;
	if (now_ns - live->sampled_ns < SAMPLE_NS || !source_counts(live->source, &counts))
		return;
	if (counts.dropped > live->dropped) {
		struct drop_window window = {
			.from_ns = live->sampled_ns,
			.to_ns = now_ns,
			.dropped = (uint32_t)(counts.dropped - live->dropped),
		};
		(void)trace_add_drop(live->trace, &window);
		live->dropped = counts.dropped;
	}
	live->sampled_ns = now_ns;
}

/* Takes the frames that wait: first, so that no answer looks late. */
static int drain(struct live *live, struct err *err)
{
	steady_look(&live->steady);
	for (int i = 0; i < DRAIN_MAX; i++) {
		struct frame frame;
		enum source_event event = source_next(live->source, &frame, err);
		if (event == SOURCE_IDLE)
			return 0;
		if (event != SOURCE_FRAME)
			return -1;
		frame.number = live->kept + 1;
		frame.at_ns = steady_frame(&live->steady, frame.at_ns);
		if (!feed_frame(live->trace, &frame, &live->counts))
			continue;
		live->kept++;
		if (live->evidence && evidence_add(live->evidence, &frame, err) != 0)
			return -1;
	}
	return 0;
}

/* Without this host's own network, silence since the last answer proves nothing. */
static void watch_network(struct live *live, int64_t now_ns)
{
	struct trace *t = live->trace;
	const char *what = "";
	char text[160];
	if (live->lost_ns || !netwatch_lost(live->netwatch_fd, t, &what))
		return;
	struct drop_window window = {
		.from_ns = t->replies_n ? t->replies[t->replies_n - 1].at_ns : t->run.started_ns,
		.to_ns = now_ns + HOUR_NS,
	};
	struct note note = {.kind = "note", .text = text, .server = TRACE_NONE};
	snprintf(text, sizeof(text),
		 "During the measurement %s: what stayed silent after that proves nothing.", what);
	(void)trace_add_drop(t, &window);
	(void)trace_add_note(t, &note);
	live->lost_ns = now_ns;
}

static void show_progress(const struct live *live, const char *what)
{
	int64_t spent_ns = steady_now(&live->steady) - live->trace->run.started_ns;
	log_progress(live->log, "%.1f s: %llu SYNs to %zu servers, %zu answers; %s ...",
		     (double)spent_ns / 1e9, (unsigned long long)live->orders.sent,
		     live->trace->servers_n, live->trace->replies_n, what);
}

/* Until a frame, a signal, or the time; whether the user interrupted. */
static bool wait_until(const struct live *live, int64_t until_ns)
{
	int64_t left = until_ns - steady_now(&live->steady);
	if (left < 0)
		left = 0;
	if (left > SAMPLE_NS)
		left = SAMPLE_NS;
	struct timespec timeout = {.tv_sec = 0, .tv_nsec = (long)left};
	struct pollfd fds[] = {
		{.fd = source_fd(live->source), .events = POLLIN},
		{.fd = live->signal_fd, .events = POLLIN},
		{.fd = mail_fd(&live->mail), .events = POLLIN},
		{.fd = connector_fd(live->orders.connector), .events = POLLIN},
	};
	int n = ppoll(fds, sizeof(fds) / sizeof(*fds), &timeout, NULL);
	return n > 0 && (fds[1].revents & POLLIN);
}

/* From the first thing that is wrong on, what decides goes at speed. */
static void mind_pace(struct live *live, int64_t now_ns)
{
	struct run_facts *run = &live->trace->run;
	if (!run->polite || (live->mail.calls->rare && !mail_fails_here(&live->mail, now_ns)))
		return;
	run->polite = live->mail.calls->rare = false;
	mail_withdraw(&live->mail);
}

static const char *step(struct live *live, struct err *err)
{
	/* Outcomes before frames: what led to them is among the frames then. */
	orders_take_outcomes(&live->orders);
	if (drain(live, err) != 0)
		return "capture-failed";
	int64_t now = steady_now(&live->steady);
	trace_clock(live->trace, now);
	/* Whoever answers so much wants something else than to answer. */
	if (live->kept >= KEPT_MAX)
		return "limit";
	sample_drops(live, now);
	watch_network(live, now);
	orders_look_after(&live->orders, now);
	orders_close_half_open(&live->orders, now, false);
	mail_step(&live->mail, now);
	mind_pace(live, now);
	hop_names_step(&live->names, live->trace);
	hop_owners_step(&live->owners, live->trace);
	if (live->trace->failed) {
		err_set(err, EXIT_SYSTEM, "no memory for the measurement");
		return "capture-failed";
	}
	if (live->lost_ns && now - live->lost_ns > GRACE_NS)
		return "no-network";
	struct action action = engine_next(live->engine, live->trace, now);
	switch (action.kind) {
	case ACTION_SEND:
		engine_sent(live->engine, &action.order,
			    orders_carry_out(&live->orders, &action.order, now), now);
		return wait_until(live, 0) ? "interrupted" : NULL;
	case ACTION_WAIT:
		if (action.rests)
			orders_rest(&live->orders);
		show_progress(live, "waiting for answers");
		return wait_until(live, action.until_ns) ? "interrupted" : NULL;
	case ACTION_DONE:
		if (strcmp(action.stop, "decided") != 0 || !mail_busy(&live->mail, now))
			return action.stop;
		show_progress(live, "mail sessions go on");
		return wait_until(live, now + SAMPLE_NS) ? "interrupted" : NULL;
	}
	return NULL;
}

static void note_step(struct live *live)
{
	struct note note = {
		.kind = "note",
		.text = "The clock was set during the measurement; the times of the frames are as "
			"if it had not been.",
		.server = TRACE_NONE,
	};
	(void)trace_add_note(live->trace, &note);
}

int live_run(struct live *live, struct err *err)
{
	const char *stop = NULL;
	steady_start(&live->steady);
	live->sampled_ns = steady_now(&live->steady);
	while (!stop)
		stop = step(live, err);
	mail_end(&live->mail);
	live->sampled_ns -= SAMPLE_NS;
	sample_drops(live, steady_now(&live->steady));
	orders_end(&live->orders, live->trace->last_ns);
	orders_close_half_open(&live->orders, live->trace->last_ns, true);
	if (live->steady.stepped)
		note_step(live);
	live->trace->run.stop = stop;
	live->trace->run.ended_ns = live->trace->last_ns;
	log_progress_end(live->log);
	return strcmp(stop, "capture-failed") == 0 ? -1 : 0;
}
