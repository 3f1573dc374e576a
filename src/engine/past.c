/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/past.h"

struct addr past_router(const struct trace *t, uint32_t server, uint8_t ttl)
{
	for (uint32_t at = t->servers[server].newest_probe; at != TRACE_NONE;
	     at = t->probes[at].older) {
		const struct probe *p = &t->probes[at];
		if (p->ttl != ttl || p->first_reply == TRACE_NONE)
			continue;
		const struct reply *r = &t->replies[p->first_reply];
		if (r->kind == REPLY_EXPIRED)
			return r->from;
	}
	return (struct addr){0};
}

unsigned past_expired(const struct trace *t, const struct addr *router, uint8_t ttl)
{
	unsigned n = 0;
	for (uint32_t s = 0; s < t->servers_n; s++) {
		struct addr here = past_router(t, s, ttl);
		if (!addr_equal(&here, router))
			continue;
		for (uint32_t at = t->servers[s].newest_probe; at != TRACE_NONE;
		     at = t->probes[at].older)
			n += t->probes[at].ttl == ttl;
	}
	return n;
}

bool past_reaches(const struct trace *t, const struct question *q)
{
	for (uint32_t at = t->servers[q->server].newest_probe; at != TRACE_NONE;
	     at = t->probes[at].older) {
		const struct probe *p = &t->probes[at];
		if (p->dst_port == q->port && p->ttl <= q->ttl && p->first_reply != TRACE_NONE &&
		    t->replies[p->first_reply].kind == REPLY_SYNACK)
			return true;
	}
	return false;
}
