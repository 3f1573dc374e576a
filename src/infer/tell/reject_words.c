/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/rules/reject.h"
#include "infer/tell/words.h"
#include "infer/way/hops.h"

static const char *hop_text(const struct path *path, int hop, struct arena *arena)
{
	struct addr addr = hops_addr(path, hop);
	return words_hop(arena, hop, &addr);
}

static const char *span_text(const struct path *path, const struct span *span, struct arena *arena)
{
	int from, to;
	if (span_empty(span))
		return "nowhere on the way";
	span_hops(span, &from, &to);
	return arena_printf(arena, "between %s and %s", hop_text(path, from, arena),
			    hop_text(path, to, arena));
}

const char *rejections_contradict(const struct path *path, const struct claim *claim,
				  struct arena *arena)
{
	return arena_printf(arena,
			    "ICMP rejects SYNs to port %u; the TTLs that draw this place it %s, "
			    "the TTLs that it quotes %s: one of them is not true.",
			    (unsigned)path->target.port, span_text(path, &claim->span, arena),
			    span_text(path, &claim->other, arena));
}
