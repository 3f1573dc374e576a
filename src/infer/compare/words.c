/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/compare/words.h"
#include "infer/tell/phrases.h"
#include "infer/tell/proof.h"
#include "infer/tell/words.h"

/* "the client", "capture 2 (2 hops on)", "the server (capture 3)". */
static const char *at_point(const struct cross *x, int point, struct arena *arena)
{
	if (point < 0)
		return arena_word(arena, N_("the client"));
	if (point >= (int)x->n)
		return arena_word(arena, N_("the server"));
	const struct cross_point *at = &x->points[point];
	if (at->at_server)
		return arena_say(arena, "the server (capture %u)", at->capture + 1u);
	return arena_say(arena, "capture %u (behind hop %d)", at->capture + 1u, at->hop);
}

static const char *forged_reset(const struct cross *x, const struct compared_claim *c,
				const char *by, struct arena *arena)
{
	const char *near = at_point(x, c->near, arena), *far = at_point(x, c->far, arena);
	unsigned port = x->port;

	if (c->state == STATE_DEGRADED)
		return arena_say(arena,
				 "Port %u is open, but resets that the server never sent come "
				 "from between %s and %s%s.",
				 port, near, far, by);
	if (c->on_path)
		return arena_say(
			arena,
			"Port %u is blocked%s: the resets are forged, they come from between "
			"%s and %s, while the SYNs themselves go on.",
			port, by, near, far);
	return arena_say(arena,
			 "Port %u is blocked%s: the resets are forged, they come from between %s "
			 "and %s.",
			 port, by, near, far);
}

static const char *no_answer(const struct cross *x, const struct compared_claim *c, const char *by,
			     struct arena *arena)
{
	if (x->points[c->near].at_server)
		return arena_say(arena,
				 "Port %u is blocked by the server or its network: SYNs come to "
				 "%s, and it does not answer.",
				 x->port, at_point(x, c->near, arena));
	return arena_say(arena,
			 "Port %u is blocked%s: SYNs pass %s, and no answer comes back there.",
			 x->port, by, at_point(x, c->near, arena));
}

/* Where the port answers, after all. */
static const char *answering(const struct cross *x, const struct compared_claim *c,
			     const struct judgement *j, struct arena *arena)
{
	const char *by = phrase_by(j, arena);
	const char *near = at_point(x, c->near, arena), *far = at_point(x, c->far, arena);
	unsigned port = x->port;

	switch (c->rule) {
	case COMPARED_PASSES:
		return arena_say(arena,
				 "Port %u is open: what the client gets is what came by "
				 "at the other end.",
				 port);
	case COMPARED_FORGED_SYNACK:
		return arena_say(arena,
				 "Port %u is intercepted%s: the SYN-ACKs that the client "
				 "gets come from between %s and %s.",
				 port, by, near, far);
	case COMPARED_RESET_LATER:
		return arena_say(arena,
				 "Port %u is open, but connections are cut%s: by resets "
				 "that the server never sent, from between %s and %s.",
				 port, by, near, far);
	case COMPARED_MOVED:
		return arena_say(arena,
				 "Port %u is intercepted%s: connections are sent to "
				 "another destination between %s and %s.",
				 port, by, near, far);
	case COMPARED_STARTTLS:
		return arena_say(arena,
				 "Port %u connects, but STARTTLS is taken out of the "
				 "dialogue%s, between %s and %s.",
				 port, by, near, far);
	case COMPARED_CONTENT:
		return arena_say(arena,
				 "Port %u connects, but the dialogue is changed%s, "
				 "between %s and %s.",
				 port, by, near, far);
	case COMPARED_STALL:
		return arena_say(arena,
				 "Port %u connects, but what the client then sends does "
				 "not come to %s%s.",
				 port, far, by);
	case COMPARED_NOTHING:
	case COMPARED_DROPPED:
	case COMPARED_NO_ANSWER:
	case COMPARED_WAY_BACK:
	case COMPARED_FORGED_RESET:
	case COMPARED_REWRITTEN:
	case COMPARED_REJECTED:
	case COMPARED_REJECTED_BEYOND:
	case COMPARED_RESET_BEYOND:
	case COMPARED_CLOSED:
		break;
	}
	return "";
}

const char *compare_sentence(const struct cross *x, const struct compared_claim *c,
			     const struct judgement *j, struct arena *arena)
{
	const char *by = phrase_by(j, arena);
	const char *near = at_point(x, c->near, arena), *far = at_point(x, c->far, arena);
	unsigned port = x->port;

	switch (c->rule) {
	case COMPARED_NOTHING:
		return arena_say(arena,
				 "The captures together do not decide whether port %u is "
				 "blocked.",
				 port);
	case COMPARED_DROPPED:
		return arena_say(arena,
				 "Port %u is blocked%s: SYNs that are at %s never come "
				 "to %s.",
				 port, by, near, far);
	case COMPARED_NO_ANSWER:
		return no_answer(x, c, by, arena);
	case COMPARED_WAY_BACK:
		return arena_say(arena,
				 "Port %u is blocked on the way back%s: answers that are "
				 "at %s never come to %s.",
				 port, by, far, near);
	case COMPARED_FORGED_RESET:
		return forged_reset(x, c, by, arena);
	case COMPARED_REWRITTEN:
		return arena_say(arena,
				 "Port %u is blocked%s: the server's SYN-ACK is made a "
				 "reset between %s and %s.",
				 port, by, far, near);
	case COMPARED_REJECTED:
	case COMPARED_REJECTED_BEYOND:
		return arena_say(arena,
				 "Port %u is rejected by ICMP messages%s: they come from "
				 "between %s and %s.",
				 port, by, near, far);
	case COMPARED_RESET_BEYOND:
		return arena_say(arena,
				 "Port %u is refused by resets%s: they come from beyond "
				 "%s.",
				 port, by, near);
	case COMPARED_CLOSED:
		return arena_say(arena, "Port %u is closed: %s itself sends the resets.", port,
				 near);
	case COMPARED_PASSES:
	case COMPARED_FORGED_SYNACK:
	case COMPARED_RESET_LATER:
	case COMPARED_MOVED:
	case COMPARED_STARTTLS:
	case COMPARED_CONTENT:
	case COMPARED_STALL:
		break;
	}
	return answering(x, c, j, arena);
}

static const char *rule_name(enum compared_rule rule)
{
	static const char *const names[] = {
		[COMPARED_NOTHING] = "compare-nothing",
		[COMPARED_PASSES] = "compare-passes",
		[COMPARED_DROPPED] = "compare-dropped",
		[COMPARED_NO_ANSWER] = "compare-no-answer",
		[COMPARED_WAY_BACK] = "compare-way-back",
		[COMPARED_FORGED_SYNACK] = "compare-forged-syn-ack",
		[COMPARED_FORGED_RESET] = "compare-forged-reset",
		[COMPARED_RESET_LATER] = "compare-reset-later",
		[COMPARED_REWRITTEN] = "compare-rewritten",
		[COMPARED_REJECTED] = "compare-rejected",
		[COMPARED_REJECTED_BEYOND] = "compare-rejected-beyond",
		[COMPARED_RESET_BEYOND] = "compare-reset-beyond",
		[COMPARED_CLOSED] = "compare-closed",
		[COMPARED_MOVED] = "compare-moved",
		[COMPARED_STARTTLS] = "compare-starttls",
		[COMPARED_CONTENT] = "compare-content",
		[COMPARED_STALL] = "compare-stall",
	};
	return names[rule];
}

static void add_frames(const struct cross *x, uint32_t packet, struct proof *proof)
{
	uint32_t at = x->p->packets[packet].first;

	for (; at != TRACE_NONE && proof->n < PROOF_FRAMES_MAX; at = x->p->sightings[at].next) {
		const struct sighting *s = &x->p->sightings[at];

		proof->frames[proof->n++] =
			(struct frame_ref){.file = s->capture + 1u, .frame = s->frame};
	}
}

static void add_claim(const struct cross *x, const struct compared_claim *c, struct arena *arena,
		      struct verdict *verdict)
{
	struct proof proof = {.n = 0};
	const char *near = at_point(x, c->near, arena), *far = at_point(x, c->far, arena);
	const char *text = arena_printf(arena, "The evidence lies between %s and %s.", near, far);
	uint32_t n = c->proof ? (uint32_t)c->proof->n : 0;

	for (uint32_t i = 0; i < n; i++)
		add_frames(x, c->proof->packets[i], &proof);
	if (c->attempt != TRACE_NONE && x->p->attempts[c->attempt].first != TRACE_NONE)
		add_frames(x, x->p->attempts[c->attempt].first, &proof);
	if (c->place.doubt)
		text = arena_printf(arena,
				    "The captures place it between %s and %s; the client's own "
				    "probes place it elsewhere, so nobody is named for it.",
				    near, far);
	proof_reason(arena, verdict,
		     (struct reason){.rule = rule_name(c->rule), .text = text, .server = x->server},
		     &proof);
}

void compare_reasons(const struct cross *x, const struct compared_claim *claim, struct arena *arena,
		     struct verdict *verdict)
{
	add_claim(x, claim, arena, verdict);
	for (size_t i = 0; i < x->n && verdict->reasons_n + 4 < RESULT_REASONS_MAX; i++) {
		const struct cross_point *at = &x->points[i];
		struct proof proof = {.n = 0};
		const char *text = arena_printf(
			arena,
			"At %s: %u of %u SYNs to port %u that could come so far, and %u of %u to "
			"control ports; %u of %u answers of control ports.",
			at_point(x, (int)i, arena), at->target_seen, at->target_sent, x->port,
			at->control_seen, at->control_sent, at->back_seen, at->back_sent);

		proof_reason(arena, verdict,
			     (struct reason){
				     .rule = "compare-crossing", .text = text, .server = x->server},
			     &proof);
	}
}
