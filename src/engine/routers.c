/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/routers.h"
#include "engine/ordered.h"
#include "engine/past.h"

/* Whether the SYN, to a control port, should have expired at a router that answered before. */
static bool missed(const struct trace *t, const struct probe *p, struct addr *router)
{
	if (p->ttl > PATH_TTL_MAX || p->first_reply != TRACE_NONE ||
	    p->dst_port == t->servers[p->server].port)
		return false;
	*router = past_router(t, p->server, p->ttl);
	return addr_is_set(router);
}

void routers_count(struct routers *r, const struct trace *t, const struct routers_time *time)
{
	struct addr router;
	for (; r->answers_seen < t->replies_n; r->answers_seen++) {
		const struct reply *reply = &t->replies[r->answers_seen];
		if (reply->kind == REPLY_EXPIRED || reply->kind == REPLY_REJECTED)
			pace_seen(&r->pace, &reply->from, reply->at_ns);
	}
	for (; r->probes_due < t->probes_n; r->probes_due++) {
		const struct probe *p = &t->probes[r->probes_due];
		if (p->at_ns + time->wait_ns > time->now_ns)
			break;
		if (missed(t, p, &router))
			pace_missed(&r->pace, &router, time->loss, time->now_ns);
	}
}

bool routers_take(struct routers *r, const struct trace *t, const struct question *q,
		  const struct routers_time *time, int64_t *wake_ns)
{
	/* Both SYNs of a pair find an answer, or none is sent: half a pair would be a coin flip. */
	struct pace_wish wish = {
		.router = past_router(t, q->server, q->ttl),
		.family = t->servers[q->server].addr.family,
		.ttl = q->ttl,
		.tokens = q->partner ? 2.0 : 1.0,
		.hold_ns = time->wait_ns,
	};
	return pace_take(&r->pace, &wish, time->now_ns, wake_ns);
}

void routers_free(struct routers *r)
{
	pace_free(&r->pace);
	*r = (struct routers){0};
}
