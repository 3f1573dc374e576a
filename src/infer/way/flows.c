/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/way/flows.h"

static struct flow *flow_of(struct flows *flows, uint16_t src_port)
{
	for (size_t i = 0; i < flows->n; i++) {
		if (flows->item[i].src_port == src_port)
			return &flows->item[i];
	}
	if (flows->n == FLOWS_MAX)
		return NULL;
	flows->item[flows->n] = (struct flow){.src_port = src_port};
	return &flows->item[flows->n++];
}

/* As the challenge ACK does that a half open connection sends for another SYN (RFC 5961, 4). */
static bool acks_older(const struct trace *t, const struct probe *p, const struct reply *r)
{
	for (uint32_t at = p->next_in_tuple; at != TRACE_NONE; at = t->probes[at].next_in_tuple) {
		if (r->ack == t->probes[at].seq + 1)
			return true;
	}
	return false;
}

/*
 * What a SYN drew from beyond the routers: anything that knows it, or an older one of its 5-tuple,
 * shows that something went through, unless it is a refusal alone.
 */
static bool went_through(const struct trace *t, const struct probe *p, bool *refused)
{
	*refused = false;
	PATH_EACH_REPLY(t, p, r)
	{
		bool refusal = r->kind == REPLY_REJECTED || r->kind == REPLY_RESET;
		if (refusal && path_counts(t, p, r))
			*refused = true;
		else if (r->kind != REPLY_EXPIRED && (r->ack_valid || acks_older(t, p, r)))
			return true;
	}
	return false;
}

static int64_t newest_answer(const struct trace *t, const struct probe *p)
{
	return p->last_reply == TRACE_NONE ? 0 : t->replies[p->last_reply].at_ns;
}

static const struct reply *expiry(const struct trace *t, const struct probe *p)
{
	PATH_EACH_REPLY(t, p, r)
	{
		if (r->kind == REPLY_EXPIRED)
			return r;
	}
	return NULL;
}

static bool had_its_time(const struct path *path, const struct probe *p)
{
	const struct trace *t = path->trace;
	int64_t due = path_due_ns(path, p);
	return t->last_ns >= due && !trace_lossy(t, p->at_ns, due);
}

bool flows_passed(const struct path *path, const struct probe *p, bool *lost)
{
	bool refused, passed = went_through(path->trace, p, &refused);
	*lost = !passed && !expiry(path->trace, p) && (refused || had_its_time(path, p));
	return passed;
}

bool flows_disagree(const struct path *path)
{
	struct outcome o = path_reaching(path, &path->target);
	return o.synack > 0 && o.synack < o.sent;
}

void flows_read(const struct path *path, uint16_t port, struct flows *out)
{
	const struct trace *t = path->trace;
	out->n = 0;
	PATH_EACH_PROBE_TO(path, port, p)
	{
		int slot = path_slot(t, p->ttl);
		bool counts = p->kind != PROBE_KERNEL;
		struct flow *flow = counts ? flow_of(out, p->src_port) : NULL;
		if (!flow)
			continue;
		bool expired = expiry(t, p) != NULL;
		int64_t heard = newest_answer(t, p);
		flow->heard_ns = heard > flow->heard_ns ? heard : flow->heard_ns;
		bool refused, through = went_through(t, p, &refused);
		if (expired && slot > flow->last_expired)
			flow->last_expired = slot;
		if (!expired && !through && !refused && !had_its_time(path, p)) {
			flow->pending = flow->pending || !t->run.ended_ns;
		} else if (path_reaches(path, slot) && !expired) {
			flow->seq = p->seq;
			flow->ttl = p->ttl;
			flow->tries = (uint16_t)(flow->tries + p->sent);
			flow->passed += through;
			flow->refused = flow->refused || (refused && !through);
			flow->unsure = flow->unsure || (slot && !through && !refused);
		}
	}
}

static bool is_of(const struct path *path, const struct probe *p, uint16_t port, int ttl)
{
	return p->dst_port == port && path_slot(path->trace, p->ttl) == ttl;
}

void flows_hop(const struct path *path, uint16_t port, uint16_t src_port, int ttl,
	       struct flow_hop *out)
{
	*out = (struct flow_hop){0};
	PATH_EACH_PROBE(path, p)
	{
		if (!is_of(path, p, port, ttl) || p->src_port != src_port)
			continue;
		const struct reply *r = expiry(path->trace, p);
		bool refused, through = went_through(path->trace, p, &refused);
		out->asked++;
		if (r)
			out->router = r->from;
		else if (refused && !through)
			out->refused++;
		else if (had_its_time(path, p) && !through)
			out->silent++;
	}
}

void flows_control(const struct path *path, int ttl, uint32_t *asked, uint32_t *expired)
{
	uint16_t port = path->control.port;
	PATH_EACH_PROBE(path, p)
	{
		struct flow_hop hop;
		bool counted = false;
		if (!is_of(path, p, port, ttl))
			continue;
		for (const struct probe *newer = path_first(path); newer != p;
		     newer = path_next(path, newer))
			counted = counted ||
				  (is_of(path, newer, port, ttl) && newer->src_port == p->src_port);
		if (counted)
			continue;
		flows_hop(path, port, p->src_port, ttl, &hop);
		*asked += addr_is_set(&hop.router) || hop.silent;
		*expired += addr_is_set(&hop.router);
	}
}
