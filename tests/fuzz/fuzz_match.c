/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Feeds a series of frames to decoder, survey and matcher and judges what comes of it. The
 * first byte says whose capture it is.
 */
#include "fuzz_series.h"

static void check_agenda(const struct trace *t)
{
	struct question questions[64];
	struct agenda agenda;

	if (infer_agenda(t, questions, 64, &agenda) == 0)
		require(agenda.questions_n <= 64);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct port_range range = {.first = 1024, .last = UINT16_MAX, .kind = PROBE_RAW};
	struct player player;
	struct packet packet;
	struct trace trace;

	if (size < 1)
		return 0;
	trace_init(&trace);
	player = play(data + 1, size - 1);
	survey_frames(player, &trace);
	trace.run.own = data[0] & 1;
	if (trace.run.own)
		require(trace_add_range(&trace, &range));
	while (next_packet(&player, &packet)) {
		if (player.capture == 0)
			(void)match_packet(&trace, &packet);
	}
	if (trace.run.own)
		check_agenda(&trace);
	trace_clock(&trace, player.frame.at_ns + (data[0] & 2 ? START_NS / 1000000 : 0));
	trace.run.ended_ns = trace.last_ns;
	judge_and_check(&trace);
	trace_free(&trace);
	return 0;
}
