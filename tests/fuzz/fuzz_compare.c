/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Feeds a series of frames as two captures of the same traffic, somebody's at a client and
 * another one, and compares them.
 */
#include "fuzz_series.h"
#include "infer/compare/compare.h"
#include "trace/pairs_take.h"

/* All frames of one of the captures into the pairs. */
static void take(struct player player, const struct trace *t, struct pairs *pairs, uint8_t capture)
{
	struct pair_capture *c = &pairs->captures[capture];
	struct packet packet;

	while (next_packet(&player, &packet)) {
		if (player.capture != capture)
			continue;
		c->frames++;
		if (c->first_ns == 0)
			c->first_ns = packet.at_ns;
		c->last_ns = packet.at_ns;
		pairs_take(pairs, t, capture, &packet);
	}
}

static void judge(const struct trace *t, const struct pairs *pairs)
{
	struct result result;

	check_trace(t);
	if (compare_judge(t, pairs, NULL, &result) != 0)
		return;
	check_result(t, &result);
	result_free(&result);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct player player = play(data, size);
	struct player second = player;
	struct packet packet;
	struct trace trace;
	struct pairs pairs;

	trace_init(&trace);
	require(pairs_init(&pairs));
	survey_frames(player, &trace);
	while (next_packet(&second, &packet)) {
		if (second.capture == 0)
			(void)match_packet(&trace, &packet);
	}
	trace_clock(&trace, second.frame.at_ns);
	trace.run.ended_ns = trace.last_ns;
	pairs.captures_n = 2;
	take(player, &trace, &pairs, 0);
	take(player, &trace, &pairs, 1);
	judge(&trace, &pairs);
	pairs_free(&pairs);
	trace_free(&trace);
	return 0;
}
