/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/live.h"
#include "cli/command.h"
#include "io/clock.h"
#include <errno.h>
#include <poll.h>
#include <string.h>

#define MS	  INT64_C(1000000)
#define SAMPLE_NS (100 * MS)
#define DRAIN_MAX 512 /* frames taken before a probe gets its turn again */

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
	for (int i = 0; i < DRAIN_MAX; i++) {
		struct frame frame;
		enum source_event event = source_next(live->source, &frame, err);
		if (event == SOURCE_IDLE)
			return 0;
		if (event != SOURCE_FRAME)
			return -1;
		frame.number = live->kept + 1;
		if (!feed_frame(live->trace, &frame, &live->counts))
			continue;
		live->kept++;
		if (live->evidence && evidence_add(live->evidence, &frame, err) != 0)
			return -1;
	}
	return 0;
}

static void show_progress(const struct live *live)
{
	log_progress(live->log, "%llu SYNs sent, %zu answers from %zu servers ...",
		     (unsigned long long)live->orders.sent, live->trace->replies_n,
		     live->trace->servers_n);
}

/* Until a frame, a signal, or the time; whether the user interrupted. */
static bool wait_until(const struct live *live, int64_t until_ns)
{
	int64_t left = until_ns - clock_real_ns();
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

static const char *step(struct live *live, struct err *err)
{
	/* Outcomes before frames: what led to them is among the frames then. */
	orders_take_outcomes(&live->orders);
	if (drain(live, err) != 0)
		return "capture-failed";
	int64_t now = clock_real_ns();
	trace_clock(live->trace, now);
	sample_drops(live, now);
	orders_look_after(&live->orders, now);
	orders_close_half_open(&live->orders, now, false);
	mail_step(&live->mail, now);
	hop_names_step(&live->names, live->trace);
	if (live->trace->failed) {
		err_set(err, EXIT_SYSTEM, "no memory for the measurement");
		return "capture-failed";
	}
	struct action action = engine_next(live->engine, live->trace, now);
	switch (action.kind) {
	case ACTION_SEND:
		engine_sent(live->engine, &action.order,
			    orders_carry_out(&live->orders, &action.order, now), now);
		return wait_until(live, 0) ? "interrupted" : NULL;
	case ACTION_WAIT:
		show_progress(live);
		return wait_until(live, action.until_ns) ? "interrupted" : NULL;
	case ACTION_DONE:
		if (strcmp(action.stop, "decided") != 0 || !mail_busy(&live->mail, now))
			return action.stop;
		return wait_until(live, now + SAMPLE_NS) ? "interrupted" : NULL;
	}
	return NULL;
}

int live_run(struct live *live, struct err *err)
{
	const char *stop = NULL;
	live->sampled_ns = clock_real_ns();
	while (!stop)
		stop = step(live, err);
	mail_end(&live->mail);
	live->sampled_ns -= SAMPLE_NS;
	sample_drops(live, clock_real_ns());
	orders_end(&live->orders, live->trace->last_ns);
	orders_close_half_open(&live->orders, live->trace->last_ns, true);
	live->trace->run.stop = stop;
	live->trace->run.ended_ns = live->trace->last_ns;
	log_progress_end(live->log);
	return strcmp(stop, "capture-failed") == 0 ? -1 : 0;
}
