/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/way/path.h"

bool path_submission_port(uint16_t port)
{
	return port == 25 || port == 465 || port == 587 || port == 2525;
}

int path_slot(const struct trace *t, uint8_t ttl)
{
	return ttl <= (t->run.own ? PATH_TTL_MAX : TRACE_FOREIGN_TTL_MAX) ? ttl : 0;
}

static const struct hop_addrs no_hops[PATH_TTL_MAX + 1];

const struct hop_addrs *path_no_hops(void)
{
	return no_hops;
}

struct hop_addrs *path_own_hops(struct lane *lane, struct arena *arena)
{
	if (!lane->own_hops)
		lane->own_hops = arena_alloc(arena, sizeof(no_hops));
	if (lane->own_hops)
		lane->hop = lane->own_hops;
	return lane->own_hops;
}

static bool of_path(const struct path *path, const struct probe *p)
{
	return (p->kind == PROBE_LINK) == path->by_link;
}

static const struct probe *skip(const struct path *path, uint32_t at)
{
	while (at != TRACE_NONE && !of_path(path, &path->trace->probes[at]))
		at = path->trace->probes[at].older;
	return at == TRACE_NONE ? NULL : &path->trace->probes[at];
}

const struct probe *path_first(const struct path *path)
{
	const struct trace *t = path->trace;
	return skip(path, t->servers[t->servers[path->server].peer].newest_probe);
}

const struct probe *path_next(const struct path *path, const struct probe *p)
{
	return skip(path, p->older);
}

const struct probe *path_to(const struct path *path, uint16_t port, const struct probe *p)
{
	while (p && p->dst_port != port)
		p = path_next(path, p);
	return p;
}

bool path_counts(const struct trace *t, const struct probe *p, const struct reply *r)
{
	if (r->kind == REPLY_EXPIRED || r->kind == REPLY_REJECTED)
		return true;
	/* No older SYN of a half-open 5-tuple draws a SYN-ACK that acknowledges this one. */
	if (r->kind == REPLY_SYNACK && r->ack_valid && !t->run.own)
		return true;
	return r->ack_valid && r->kind != REPLY_ODD && trace_alone(t, p);
}

/* The smallest TTL that reaches the server on every way, as far as expiries show; 0: unknown. */
static int reaching_from(const struct path *path)
{
	int from = path->distance;
	if (from && path->nearest > from)
		from = path->nearest;
	if (from && path->target.last_expired >= from)
		from = path->target.last_expired + 1;
	return from;
}

bool path_reaches(const struct path *path, int slot)
{
	int from = reaching_from(path);
	return slot == 0 || (from && slot >= from);
}

struct outcome path_reaching(const struct path *path, const struct lane *lane)
{
	struct outcome sum = lane->at[0];
	for (int ttl = reaching_from(path); ttl > 0 && ttl <= PATH_TTL_MAX; ttl++) {
		const struct outcome *o = &lane->at[ttl];
		sum.sent += o->sent;
		sum.pending += o->pending;
		sum.asked += o->asked;
		sum.refused += o->refused;
		sum.expired += o->expired;
		sum.synack += o->synack;
		sum.reset += o->reset;
		sum.rejected += o->rejected;
		sum.odd += o->odd;
		sum.both += o->both;
		sum.answered += o->answered;
		sum.reached += o->reached;
		sum.late += o->late;
	}
	return sum;
}

struct outcome path_other_ports(const struct path *path)
{
	struct outcome sum = {0};
	for (size_t i = 1; i < path->ports_n && !path->trace->run.own; i++) {
		const struct outcome *o = &path->ports[i].full;
		if (path->ports[i].port == path->control.port)
			continue;
		sum.sent += o->sent;
		sum.reached += o->reached;
	}
	return sum;
}

int64_t path_due_ns(const struct path *path, const struct probe *p)
{
	return (p->kind == PROBE_KERNEL ? p->at_ns : p->last_ns) + path->wait_ns;
}

int path_expired_before(const struct path *path, int hop)
{
	for (hop--; hop > 0; hop--) {
		if (path->target.at[hop].expired)
			return hop;
	}
	return 0;
}

int path_last_router(const struct path *path)
{
	int control = path->control.last_expired, target = path->target.last_expired;
	return control > target ? control : target;
}

bool path_has_others(const struct path *path)
{
	for (size_t i = 1; i < path->ports_n; i++) {
		if (path->ports[i].full.sent)
			return true;
	}
	return false;
}

uint32_t path_first_packet(const struct trace *t, const struct session *session)
{
	uint32_t probe = trace_session_probe(t, session);
	return probe == TRACE_NONE ? TRACE_NONE : t->probes[probe].first_packet;
}

bool path_speaks(const struct trace *t, const struct probe *p)
{
	PATH_EACH_PACKET(t, p->first_packet, f)
	{
		if (f->kind == FLOW_IN && f->len)
			return true;
	}
	return false;
}

bool path_went_on(const struct path *path)
{
	PATH_EACH_PROBE_TO(path, path->target.port, p)
	{
		if (p->established && path_speaks(path->trace, p))
			return true;
	}
	return false;
}

struct port_count *path_port(struct path *path, uint16_t port)
{
	for (size_t i = 0; i < path->ports_n; i++) {
		if (path->ports[i].port == port)
			return &path->ports[i];
	}
	if (path->ports_n >= PATH_PORTS_MAX)
		return NULL;
	path->ports[path->ports_n] = (struct port_count){.port = port, .rtt_ns = -1, .back = -1};
	return &path->ports[path->ports_n++];
}
