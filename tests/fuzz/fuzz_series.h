/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef FUZZ_SERIES_H
#define FUZZ_SERIES_H

/*
 * An input as a series of frames: a byte that chooses the link type (and, by 64, one of two
 * captures), a byte of time since the frame before (4 ms), two bytes of length, and the frame.
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
	uint8_t capture; /* of the frame handed out last: 0 or 1 */
};

static inline struct player play(const uint8_t *data, size_t size)
{
	return (struct player){
		.in = bytes_of(data, size),
		.frame = {.at_ns = START_NS, .file = 1},
	};
}

static inline bool next_packet(struct player *p, struct packet *out)
{
	while (bytes_left(&p->in) >= 4 && p->frame.number < FRAMES_MAX) {
		uint8_t link = bytes_u8(&p->in);
		uint8_t step = bytes_u8(&p->in);
		struct bytes body = bytes_take(&p->in, bytes_u16(&p->in));

		p->capture = (link & 0x40) != 0;
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

static inline void survey_frames(struct player p, struct trace *t)
{
	struct survey survey = {.port = 587};
	struct survey_wish wish = {.port = 587};
	struct survey_choice choice;
	struct packet packet;

	while (next_packet(&p, &packet)) {
		if (p.capture == 0)
			require(survey_add(&survey, &packet, neighbour_ends(&p.frame)));
	}
	if (survey_has_attempts(&survey)) {
		require(survey_choose(&survey, &wish, &choice));
		require(survey_fill(&survey, &wish, &choice, t));
		require(survey_explain(&survey, &choice, t));
		t->run.port = choice.port;
	}
	t->run.started_ns = START_NS;
	survey_free(&survey);
}

#endif
