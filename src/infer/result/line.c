/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/result/line.h"

struct span span_whole(int server_hop)
{
	return (struct span){.lo = line_out(0), .hi = line_out(server_hop), .way_back = true};
}

bool span_empty(const struct span *s)
{
	return s->lo > s->hi;
}

struct span span_meet(const struct span *a, const struct span *b)
{
	return (struct span){
		.lo = a->lo > b->lo ? a->lo : b->lo,
		.hi = a->hi < b->hi ? a->hi : b->hi,
		.way_back = a->way_back && b->way_back,
	};
}

void span_hops(const struct span *s, int *from_hop, int *to_hop)
{
	/* in(k) = 3k - 1 and out(k) = 3k belong to hop k, link(k, k+1) = 3k + 1 to both ends. */
	*from_hop = (s->lo + 1) / 3;
	*to_hop = (s->hi + 1) / 3;
	if (s->hi % 3 == 1)
		*to_hop = s->hi / 3 + 1;
}
