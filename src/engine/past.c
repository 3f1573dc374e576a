/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/past.h"
#include "infer/way/path.h"

#define SILENT_NS INT64_C(150000000) /* without an answer for so long */

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

bool past_verified(const struct trace *t, uint32_t server)
{
	for (size_t i = 0; i < t->sessions_n; i++) {
		const struct session *s = &t->sessions[i];
		if (t->servers[s->server].peer == server && s->port == t->servers[server].port &&
		    s->stage == SESSION_COMPLETE && s->end == SESSION_DONE)
			return true;
	}
	return false;
}

bool past_accepts(const struct trace *t, uint32_t server, uint16_t port)
{
	bool failed = false;
	for (uint32_t at = t->servers[server].newest_probe; at != TRACE_NONE;
	     at = t->probes[at].older) {
		const struct probe *p = &t->probes[at];
		if (p->dst_port != port)
			continue;
		bool full = p->ttl > PATH_TTL_MAX;
		failed = failed || (full && t->last_ns - p->at_ns > SILENT_NS);
		for (uint32_t r = p->first_reply; r != TRACE_NONE; r = t->replies[r].next) {
			enum reply_kind kind = t->replies[r].kind;
			if (kind == REPLY_SYNACK)
				return true;
			failed = failed || kind == REPLY_RESET || kind == REPLY_REJECTED;
		}
	}
	return !failed;
}
