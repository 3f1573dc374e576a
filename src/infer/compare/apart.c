/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether captures belong together at all: their clocks, their times, their order. */
#include "infer/compare/words.h"
#include "infer/numbers.h"
#include "infer/tell/proof.h"
#include <math.h>

#define NS_PER_MS 1e6

void compare_clock_reasons(const struct comparison *c, struct arena *arena, struct verdict *verdict)
{
	for (size_t i = 1; i < c->captures_n; i++) {
		const struct compared_clock *clock = &c->captures[i].clock;
		struct proof proof = {.n = 0};
		const char *error = "", *drift = "";

		if (!clock->known || verdict->reasons_n + 1 >= RESULT_REASONS_MAX)
			continue;
		if (clock->error_ns >= 0)
			error = arena_printf(arena, " (+-%.3f ms)",
					     (double)clock->error_ns / NS_PER_MS);
		if (fabs(clock->drift_ppm) > 0)
			drift = arena_printf(arena, " and gains %.1f us a second (+-%.1f)",
					     clock->drift_ppm, clock->drift_error_ppm);
		const char *text = arena_printf(
			arena,
			"The clock of capture %zu is %.3f ms%s %s the client's%s, by %u packets.",
			i + 1, fabs((double)clock->offset_ns / NS_PER_MS), error,
			clock->offset_ns < 0 ? "behind" : "ahead of", drift, clock->packets);
		proof_reason(arena, verdict,
			     (struct reason){
				     .rule = "compare-clock", .text = text, .server = TRACE_NONE},
			     &proof);
	}
}

const char *compare_apart(const struct pairs *p, const struct comparison *c, struct arena *arena)
{
	const struct pair_capture *own = &p->captures[0];

	for (size_t i = 1; i < c->captures_n; i++) {
		const struct pair_capture *other = &p->captures[i];

		if (c->swapped && c->captures[i].placed && c->captures[i].hop_min < 0)
			return arena_say(arena,
					 "Nothing is decided: the captures are in the wrong order. "
					 "Packets have more hops left in capture %zu than in the "
					 "first one, which should be the client's.",
					 i + 1);
		if (other->receiver && !other->expects)
			return arena_say(
				arena,
				"Nothing is decided: nothing came to the receiver of "
				"capture %zu, and it is not known that the client's public "
				"address is among those it waited for; let it wait for a "
				"control port, too (--control).",
				i + 1);
		if (other->first_ns > own->last_ns + COMPARE_APART_NS ||
		    own->first_ns > other->last_ns + COMPARE_APART_NS)
			return arena_say(arena,
					 "Nothing is decided: the times of the captures do not "
					 "overlap; capture %zu has no packet of the client's.",
					 i + 1);
		if (other->strangers > 0)
			return arena_say(arena,
					 "Nothing is decided: capture %zu has connections to the "
					 "same servers, but of other clients, or of another time.",
					 i + 1);
	}
	return arena_word(arena, N_("Nothing is decided: the captures have no packet in common, so "
				    "they are not of the "
				    "same traffic, or of a place that it does not pass."));
}
