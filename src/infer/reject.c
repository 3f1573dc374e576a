/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/claim.h"

/*
 * Where a SYN was when it was refused: a filter before hop k's TTL check quotes T-(k-1), one behind
 * it T-k (RFC 1812, 4.3.2.3: the quoted header is the datagram as it was received or about to be
 * sent).
 */
static struct span by_quote(const struct probe *p, const struct reply *r, int far)
{
	int passed = p->ttl - r->quoted_ttl;
	if (r->quoted_ttl == 0 || passed < 0 || passed > far)
		return span_whole(far);
	return (struct span){
		.lo = passed ? line_out(passed) : line_link(0),
		.hi = passed + 1 < far ? line_in(passed + 1) : line_out(far),
	};
}

static bool has_addr(const struct hop_addrs *set, const struct addr *addr)
{
	for (int i = 0; i < set->n; i++) {
		if (addr_equal(&set->addr[i], addr))
			return true;
	}
	return false;
}

/* An address that also expired SYNs, or that is the gateway's, names its hop. */
static struct span by_source(const struct path *path, const struct reply *r, int far)
{
	for (int hop = 1; hop < far && hop <= PATH_TTL_MAX; hop++) {
		if (has_addr(&path->control.hop[hop], &r->from) ||
		    has_addr(&path->target.hop[hop], &r->from))
			return (struct span){line_in(hop), line_out(hop), false};
	}
	const struct trace *t = path->trace;
	const struct route *route = trace_route(t, t->servers[path->server].addr.family);
	if (route && far > 1 && addr_equal(&route->gateway, &r->from))
		return (struct span){line_in(1), line_out(1), false};
	return span_whole(far);
}

/* The first TTL that was refused lies just behind the last that expired. */
static struct span by_sweep(const struct path *path, int far)
{
	const struct lane *target = &path->target;
	struct span span = span_whole(far);
	int first = target->first_rejected;
	int near = 0;
	for (int hop = 1; hop <= PATH_TTL_MAX && (!first || hop < first); hop++)
		near = target->at[hop].expired ? hop : near;
	span.lo = near ? line_out(near) : line_link(0);
	if (first && first < far)
		span.hi = line_in(first);
	return span;
}

static bool narrow(const struct path *path, const struct probe *p, const struct reply *r,
		   struct claim *out)
{
	int far = out->first_missing;
	const struct addr *server = &path->trace->servers[path->server].addr;
	struct span quote = by_quote(p, r, far);
	out->span = span_meet(&out->span, &quote);
	if (addr_equal(&r->from, server)) {
		/* nftables at a bridge or at a device's ingress signs with the server's address. */
		if (out->span.hi >= line_in(far))
			out->span.lo = line_in(far);
		else
			out->forged = true;
		return true;
	}
	struct span source = by_source(path, r, far);
	struct span both = span_meet(&out->span, &source);
	if (span_empty(&both))
		out->forged = true;
	else
		out->span = both;
	return true;
}

static bool one_network(const struct trace *t, const struct addr *a, const struct addr *b)
{
	const struct network *x = trace_network(t, a), *y = trace_network(t, b);
	return addr_is_set(a) && addr_is_set(b) &&
	       (addr_same_site(a, b) || (x && y && x->asn && x->asn == y->asn));
}

/* Whose the address is: by the user's word, or as a hop of the same network is. 0: unknown. */
static uint8_t owners_of(const struct scene *scene, uint32_t s, const struct addr *addr)
{
	const struct trace *t = scene->trace;
	const struct network *n = trace_network(t, addr);
	uint8_t owners = 0;
	if (n && n->has_role && n->by_user)
		return ROLE_BIT(n->role);
	for (int hop = 1; hop < scene->roles[s].server_hop; hop++) {
		struct addr here = roles_hop_addr(&scene->paths[s], hop);
		owners |= one_network(t, addr, &here) ? scene->roles[s].owners[hop] : 0;
	}
	return one_network(t, addr, &t->servers[s].addr) ? owners | ROLE_REMOTE : owners;
}

/*
 * A source that no router of the place has, of another network: where ways differ in length the hop
 * that the quote tells is not the one that the expiries show, and the hops beside it stay as well.
 */
static void heed_source(const struct scene *scene, uint32_t s, struct claim *out)
{
	struct addr from = path_rejecter(&scene->paths[s]);
	uint8_t there = 0, owners = addr_is_set(&from) ? owners_of(scene, s, &from) : 0;
	int first, last, far = scene->roles[s].server_hop;
	for (int at = out->span.lo; at <= out->span.hi; at++)
		there |= roles_at(&scene->roles[s], at);
	if (!owners || (owners & there))
		return;
	span_hops(&out->span, &first, &last);
	out->also = owners;
	out->span.lo = first > 1 ? line_out(first - 1) : line_link(0);
	out->span.hi = last + 1 < far ? line_in(last + 1) : line_out(far);
}

/* A rejection that this host made itself never left it. */
static bool is_local(const struct reply *r)
{
	return r->loopback;
}

bool rule_rejected(const struct scene *scene, uint32_t s, struct claim *out)
{
	if (scene->conducts[s] != CONDUCT_REJECTED)
		return false;
	const struct path *path = &scene->paths[s];
	int far = scene->roles[s].server_hop;
	unsigned n = 0, local = 0;
	out->first_missing = far;
	out->span = by_sweep(path, far);
	PATH_EACH_PROBE(path, p)
	{
		if (p->dst_port != path->target.port)
			continue;
		PATH_EACH_REPLY(path->trace, p, r)
		{
			if (r->kind != REPLY_REJECTED)
				continue;
			n++;
			local += is_local(r);
			if (!is_local(r))
				narrow(path, p, r, out);
		}
	}
	out->state = STATE_BLOCKED;
	out->mechanism = MECHANISM_ICMP_REJECT;
	out->sure = n >= 2 ? 0.99 : 0.95;
	out->placed = true;
	out->span.way_back = false;
	if (!local && !out->forged)
		heed_source(scene, s, out);
	if (local)
		out->span = (struct span){.lo = line_out(0), .hi = line_out(0)};
	int from, to;
	span_hops(&out->span, &from, &to);
	out->last_seen = from;
	out->first_missing = to;
	return true;
}
