/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/tell/phrases.h"
#include "base/text.h"
#include "infer/way/parting.h"

const char *phrase_hop(struct arena *arena, int hop, const struct addr *addr)
{
	char buf[ADDR_TEXT_BYTES];
	if (hop == 0)
		return "this host";
	if (!addr_is_set(addr))
		return arena_printf(arena, "hop %d (which does not answer)", hop);
	return arena_printf(arena, "hop %d (%s)", hop, addr_text(addr, buf));
}

const char *phrase_where(const struct judgement *j, struct arena *arena)
{
	const struct link_span *link = &j->link;
	if (!link->known || j->blocker == BLOCKER_LOCAL_HOST)
		return "";
	const char *to = phrase_hop(arena, link->to_hop, &link->to);
	if (link->from_hop == link->to_hop)
		return arena_printf(arena, ", at %s", to);
	return arena_printf(arena, ", between %s and %s",
			    phrase_hop(arena, link->from_hop, &link->from), to);
}

const char *phrase_in_network(enum blocker blocker)
{
	switch (blocker) {
	case BLOCKER_LOCAL_HOST:
		return "by this host's own firewall or policy";
	case BLOCKER_LOCAL_NETWORK:
		return "in your local network";
	case BLOCKER_ISP:
		return "in your provider's network";
	case BLOCKER_TRANSIT:
		return "in transit, beyond your provider's network";
	case BLOCKER_REMOTE:
		return "by the server or its network";
	case BLOCKER_NONE:
	case BLOCKER_UNKNOWN:
		break;
	}
	return "somewhere on the way";
}

const char *phrase_suspects(const struct judgement *j, struct arena *arena)
{
	struct text t = {0};
	for (size_t i = 0; i < j->suspects_n; i++) {
		if (i)
			text_add(&t, i + 1 == j->suspects_n ? " or " : ", ");
		text_add(&t, blocker_place(j->suspects[i].blocker));
	}
	const char *list = arena_copy(arena, text_str(&t));
	text_free(&t);
	return list;
}

const char *phrase_by(const struct judgement *j, struct arena *arena)
{
	if (j->blocker != BLOCKER_UNKNOWN)
		return arena_printf(arena, " %s%s", phrase_in_network(j->blocker),
				    phrase_where(j, arena));
	if (j->suspects_n == 0)
		return phrase_where(j, arena);
	return arena_printf(arena, "%s, by %s", phrase_where(j, arena), phrase_suspects(j, arena));
}

const char *phrase_hop_of(const struct telling *why, int hop)
{
	struct addr addr = parting_addr(why->path, hop);
	return phrase_hop(why->arena, hop, &addr);
}

void reasons_add(const struct telling *why, const char *text, struct proof *proof)
{
	struct reason item = {
		.rule = why->vote->claim.rule,
		.text = text,
		.server = why->vote->speaker,
	};
	proof_reason(why->arena, why->verdict, item, proof);
}
