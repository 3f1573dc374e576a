/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/rules/reject.h"
#include "infer/tell/words.h"

static const char *span_text(const struct scene *scene, uint32_t s, const struct span *span,
			     struct arena *arena)
{
	int from, to;
	if (span_empty(span))
		return "nowhere on the way";
	span_hops(span, &from, &to);
	if (!scene->paths[s].distance && to >= scene->roles[s].server_hop)
		return arena_printf(arena, "beyond %s", words_hop(scene, s, from, arena));
	return arena_printf(arena, "between %s and %s", words_hop(scene, s, from, arena),
			    words_hop(scene, s, to, arena));
}

const char *rejections_contradict(const struct scene *scene, uint32_t s, const struct claim *claim,
				  struct arena *arena)
{
	return arena_printf(arena,
			    "ICMP rejects SYNs to port %u; the TTLs that draw this place it %s, "
			    "the TTLs that it quotes %s: one of them is not true.",
			    (unsigned)scene->paths[s].target.port,
			    span_text(scene, s, &claim->span, arena),
			    span_text(scene, s, &claim->other, arena));
}
