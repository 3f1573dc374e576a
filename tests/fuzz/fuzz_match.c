/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Feeds a series of frames to decoder, survey and matcher and judges what comes of it. The
 * first byte says whose capture it is; a frame is a byte that chooses the link type, a byte of
 * time since the frame before (4 ms), two bytes of length, and the frame.
 */
#include "base/bytes.h"
#include "fuzz_check.h"
#include "trace/match.h"
#include "trace/survey.h"

#define STEP_NS	   (INT64_C(4) * 1000000)
#define START_NS   (INT64_C(1700000000) * 1000000000)
#define FRAMES_MAX 4096

struct player {
	struct bytes in;
	struct frame frame;
};

static struct player play(const uint8_t *data, size_t size)
{
	return (struct player){
		.in = bytes_of(data, size),
		.frame = {.at_ns = START_NS, .file = 1},
	};
}

static bool next_packet(struct player *p, struct packet *out)
{
	while (bytes_left(&p->in) >= 4 && p->frame.number < FRAMES_MAX) {
		uint8_t link = bytes_u8(&p->in);
		uint8_t step = bytes_u8(&p->in);
		struct bytes body = bytes_take(&p->in, bytes_u16(&p->in));

		p->frame.number++;
		p->frame.at_ns += step * STEP_NS;
		p->frame.link = (enum link_type)((link & 0x0f) % (LINK_PPP_ETHER + 1));
		p->frame.bytes = body.at;
		p->frame.captured_len = (uint32_t)body.len;
		p->frame.wire_len = p->frame.captured_len + (link & 0x80 ? 100 : 0);
		if (packet_decode(&p->frame, out) == DECODE_OK)
			return true;
	}
	return false;
}

static void survey_frames(struct player p, struct trace *t)
{
	struct survey survey = {.port = 587};
	struct survey_wish wish = {.port = 587};
	struct survey_choice choice;
	struct packet packet;

	while (next_packet(&p, &packet))
		require(survey_add(&survey, &packet));
	if (survey_has_attempts(&survey)) {
		require(survey_choose(&survey, &wish, &choice));
		require(survey_fill(&survey, &wish, &choice, t));
		require(survey_explain(&survey, &choice, t));
		t->run.port = choice.port;
	}
	t->run.started_ns = START_NS;
	survey_free(&survey);
}

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
	while (next_packet(&player, &packet))
		(void)match_packet(&trace, &packet);
	if (trace.run.own)
		check_agenda(&trace);
	trace_clock(&trace, player.frame.at_ns + (data[0] & 2 ? START_NS / 1000000 : 0));
	trace.run.ended_ns = trace.last_ns;
	judge_and_check(&trace);
	trace_free(&trace);
	return 0;
}
