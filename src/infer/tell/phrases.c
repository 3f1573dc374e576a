/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/tell/phrases.h"
#include "base/text.h"
#include "infer/result/hop_text.h"
#include "infer/scene/seen.h"
#include <string.h>

#define QUOTED_MAX 80

const char *phrase_hop(const struct scene *scene, uint32_t s, int hop, struct arena *arena)
{
	struct hop_seen seen = scene_hop_seen(scene, s, hop);
	return hop_text(arena, hop, &seen.addr, seen.silent);
}

const char *phrase_where(const struct judgement *j, struct arena *arena)
{
	const struct link_span *link = &j->link;
	if (!link->known || j->blocker == BLOCKER_LOCAL_HOST)
		return "";
	const char *to = hop_text(arena, link->to_hop, &link->to, link->to_silent);
	if (link->from_hop == link->to_hop)
		return arena_say(arena, ", at %s", to);
	if (link->from_hop == 0)
		return arena_say(arena, ", between this host and %s", to);
	return arena_say(arena, ", between %s and %s",
			 hop_text(arena, link->from_hop, &link->from, link->from_silent), to);
}

/* Who the provider is where it is no access provider. */
static const char *in_provider(enum beside_kind beside)
{
	switch (beside) {
	case BESIDE_TUNNEL:
		return N_("in the VPN operator's network, or the one that the tunnel's far end is "
			  "in");
	case BESIDE_CLOUD:
		return N_("in your cloud operator's network");
	case BESIDE_ROUTER:
	case BESIDE_OPEN:
		break;
	}
	return N_("in your provider's network");
}

const char *phrase_in_network(const struct judgement *j, const struct arena *arena)
{
	switch (j->blocker) {
	case BLOCKER_LOCAL_HOST:
		return arena_word(arena, N_("by this host's own firewall or policy"));
	case BLOCKER_LOCAL_NETWORK:
		return arena_word(arena, N_("in your local network"));
	case BLOCKER_ISP:
		return arena_word(arena, in_provider(j->beside));
	case BLOCKER_TRANSIT:
		return arena_word(arena, N_("in transit, beyond your provider's network"));
	case BLOCKER_REMOTE:
		return arena_word(arena, N_("by the server or its network"));
	case BLOCKER_NONE:
	case BLOCKER_UNKNOWN:
		break;
	}
	return arena_word(arena, N_("somewhere on the way"));
}

const char *phrase_suspects(const struct judgement *j, struct arena *arena)
{
	struct text t = {0};
	for (size_t i = 0; i < j->suspects_n; i++) {
		if (i)
			text_add(&t, i + 1 == j->suspects_n ? arena_word(arena, N_(" or ")) : ", ");
		text_add(&t, arena_word(arena, blocker_party(j->suspects[i].blocker, j->beside)));
	}
	const char *list = arena_copy(arena, text_str(&t));
	text_free(&t);
	return list;
}

const char *phrase_by(const struct judgement *j, struct arena *arena)
{
	if (j->blocker != BLOCKER_UNKNOWN)
		return arena_printf(arena, " %s%s", phrase_in_network(j, arena),
				    phrase_where(j, arena));
	if (j->suspects_n == 0)
		return phrase_where(j, arena);
	return arena_say(arena, "%s, by %s", phrase_where(j, arena), phrase_suspects(j, arena));
}

const char *phrase_quote(struct slice said, struct arena *arena)
{
	size_t n = said.n > QUOTED_MAX ? QUOTED_MAX : said.n;
	return arena_printf(arena, "\"%.*s%s\"", (int)n, said.at ? said.at : "",
			    said.n > n ? "..." : "");
}

struct slice phrase_common_name(struct slice subject)
{
	static const char label[] = "CN = ";
	for (size_t i = 0; i + sizeof(label) <= subject.n; i++) {
		struct slice name = {subject.at + i + sizeof(label) - 1, 0};
		if (memcmp(subject.at + i, label, sizeof(label) - 1) != 0)
			continue;
		while (i + sizeof(label) - 1 + name.n < subject.n && name.at[name.n] != ',')
			name.n++;
		return name;
	}
	return subject;
}

const char *phrase_hop_of(const struct telling *why, int hop)
{
	return phrase_hop(why->scene, why->vote->speaker, hop, why->arena);
}

void reasons_add(const struct telling *why, const char *text, struct proof *proof)
{
	const char *where = why->scene->beyond ? "Past this host's own rules: " : "";
	struct reason item = {
		.rule = why->vote->claim.rule,
		.text = *where ? arena_printf(why->arena, "%s%s", where, text) : text,
		.server = why->vote->speaker,
	};
	proof_reason(why->arena, why->verdict, item, proof);
}

bool phrase_is_end(const struct telling *why, int hop)
{
	return !why->path->distance && hop >= why->scene->roles[why->vote->speaker].server_hop;
}
