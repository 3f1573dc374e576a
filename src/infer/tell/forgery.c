/* SPDX-License-Identifier: BSD-2-Clause */
/* What shows that somebody on the way plays the part of others. */
#include "infer/tell/reasons.h"
#include "infer/tell/words.h"

static const char *address(const struct telling *why, const struct reply *r)
{
	char buf[ADDR_TEXT_BYTES];
	return arena_copy(why->arena, addr_text(&r->from, buf));
}

static int sent_ttl(const struct telling *why, const struct reply *r)
{
	return why->scene->trace->probes[r->probe].ttl;
}

/* The hop from which the answer seems to come: where the port's resets begin, or the SYN expired.
 */
static int seeming_hop(const struct telling *why, uint32_t server, const struct reply *r)
{
	const struct path *path = &why->scene->paths[server];
	return r->kind == REPLY_RESET ? path->target.first_reset : sent_ttl(why, r);
}

static double ms(const struct telling *why, const struct reply *r)
{
	return (double)(r->at_ns - why->scene->trace->probes[r->probe].at_ns) / 1e6;
}

/* The sign itself, in a sentence. */
static const char *sign_text(const struct telling *why, const struct forgery *f)
{
	static const struct reply none;
	struct arena *arena = why->arena;
	/* Signs that no single answer shows have none. */
	const struct reply *a = f->a ? f->a : &none, *b = f->b ? f->b : a;
	switch (f->kind) {
	case FORGERY_NONE:
		break;
	case FORGERY_SOURCE:
		return arena_printf(arena, "An ICMP error came from %s, an address that nobody has",
				    address(why, a));
	case FORGERY_COPIES:
		return arena_printf(arena, "One SYN is said to have expired at %s and at %s",
				    address(why, a), address(why, b));
	case FORGERY_ROUTER:
		return arena_printf(arena,
				    "What %s is said to answer at hop %d arrives with TTL %u for "
				    "one port and with TTL %u for the other, as from two "
				    "places",
				    address(why, a), sent_ttl(why, a), a->ttl, b->ttl);
	case FORGERY_QUOTE:
		return arena_printf(arena,
				    "What %s is said to answer at hop %d quotes TTL %u for one "
				    "port and TTL %u for the other",
				    address(why, a), sent_ttl(why, a), a->quoted_ttl,
				    b->quoted_ttl);
	case FORGERY_DISTANCES:
		return arena_printf(
			arena,
			"SYNs to the port are said to expire at %s at several distances "
			"in a row, up to hop %d, where the control meets other routers",
			address(why, a), sent_ttl(why, b));
	case FORGERY_TIME:
		return arena_printf(arena,
				    "An answer that seems to come from hop %d or further was here "
				    "after %.1f ms, sooner than anybody as far out answers the "
				    "control port",
				    seeming_hop(why, f->server, a), ms(why, a));
	case FORGERY_TTL:
		return "Which SYNs to the port pass depends on the TTL that they set out with, "
		       "though all would reach the server";
	case FORGERY_PLACES:
		return "SYNs to the port end at the same distance on the way to every server, "
		       "though these ways have parted before and lead over different routers";
	}
	return NULL;
}

void reasons_forgery(const struct telling *why)
{
	const struct forgery *f = &why->scene->forgeries[why->vote->family == 6];
	const struct reply *shown[2] = {f->a, f->b};
	struct proof proof = {0};
	if (!f->kind || !why->vote->claim.played)
		return;
	for (size_t i = 0; i < 2; i++) {
		if (shown[i])
			proof.frames[proof.n++] = (struct frame_ref){.file = shown[i]->file,
								     .frame = shown[i]->frame};
	}
	struct reason item = {
		.rule = "played",
		.text = arena_printf(
			why->arena,
			"%s: somebody plays the part of others. Who does that sees the "
			"SYNs and is no further out than he seems, but may be nearer: "
			"everybody from the first hop on stays suspected.",
			sign_text(why, f)),
		.server = f->server,
	};
	proof_reason(why->arena, why->verdict, item, &proof);
}
