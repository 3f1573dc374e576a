/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether the TTL at which the control is answered is the server's distance. */
#include "infer/numbers.h"
#include "infer/scene/others.h"
#include "infer/scene/owners.h"
#include "infer/way/hops.h"
#include "infer/way/parting.h"

static uint32_t asn_of(const struct trace *t, const struct addr *addr)
{
	const struct network *n = trace_network(t, addr);
	return n ? n->asn : 0;
}

/* An address of the server's own network, as far as is known. */
static bool is_own(const struct path *path, const struct addr *addr)
{
	const struct server *server = &path->trace->servers[path->server];
	uint32_t own = roles_server_asn(path->trace, server), asn = asn_of(path->trace, addr);
	const struct network *n = trace_network(path->trace, addr);
	bool said = n && n->by_user && n->has_role && n->role == SEGMENT_REMOTE;
	return trace_same_site(path->trace, addr, &server->addr) || (own && own == asn) || said;
}

/* An address that is known to be another network's. */
static bool is_another(const struct path *path, const struct addr *addr)
{
	const struct server *server = &path->trace->servers[path->server];
	const struct network *n = trace_network(path->trace, addr);
	bool known = roles_server_asn(path->trace, server) && asn_of(path->trace, addr);
	bool said = n && n->by_user && n->has_role;
	return !is_own(path, addr) && (known || said);
}

/* Whether a router beside or beyond the control's distance, not the server's, let the port expire.
 */
static bool expires_beyond(const struct path *path, const bool *shared)
{
	for (int hop = path->answered; hop <= PATH_TTL_MAX; hop++) {
		const struct hop_addrs *set = &path->target.hop[hop];
		for (int i = 0; i < set->n; i++) {
			bool far = shared[hop] || hop - path->answered >= TOLERANCE_HOPS;
			if (is_another(path, &set->addr[i]) ||
			    (far && !is_own(path, &set->addr[i])))
				return true;
		}
	}
	return false;
}

bool scene_rejects_elsewhere(const struct scene *scene, uint32_t s, const struct addr *from)
{
	OTHERS_EACH(o, scene, s, OTHERS_APART)
	{
		struct addr there = path_rejecter(&scene->paths[o.server]);
		if (addr_equal(&there, from))
			return true;
	}
	return false;
}

/* Whether an address that rejects SYNs is another network's, as far as is known. */
static bool is_stranger(const struct scene *scene, uint32_t s, const struct addr *from)
{
	const struct path *path = &scene->paths[s];
	return addr_is_set(from) &&
	       (is_another(path, from) ||
		(!is_own(path, from) && scene_rejects_elsewhere(scene, s, from)));
}

/* What the ICMP errors about the port under test quote. */
struct quotes {
	int furthest;	  /* most hops that a rejected SYN had passed, -1: none tells */
	struct addr from; /* who rejected that one */
	bool raised;	  /* a SYN's TTL had grown on its way */
};

/* How far SYNs to the port came, by the TTLs that rejections quote. */
static void read_quotes(const struct path *path, struct quotes *out)
{
	*out = (struct quotes){.furthest = -1};
	PATH_EACH_PROBE_TO(path, path->target.port, p)
	{
		if (p->implied)
			continue;
		PATH_EACH_REPLY(path->trace, p, r)
		{
			int passed = p->ttl - r->quoted_ttl;
			if (r->kind != REPLY_REJECTED || !r->quoted_ttl ||
			    path_is_own_word(path, p, r))
				continue;
			out->raised = out->raised || passed < 0;
			if (passed <= out->furthest)
				continue;
			out->furthest = passed;
			out->from = r->from;
		}
	}
}

/*
 * Whether a SYN to the port was rejected by somebody further away than who answers the control, or
 * had been forwarded there: a server that rejects has not taken one off the TTL.
 */
static bool rejected_beyond(const struct path *path, const struct quotes *quotes)
{
	int more = quotes->furthest - path->answered;
	return quotes->furthest >= 0 && more >= 0 &&
	       (more > TOLERANCE_HOPS || !is_own(path, &quotes->from));
}

/*
 * Whether the control's SYN-ACKs travelled further back than from where they seem to come, by more
 * than the router before that place shows of the way back: what passes there is given a new TTL.
 */
static bool is_levelled(const struct path *path)
{
	int ttl = path->control.synack_ttl, hop = path->control.first_synack - 1;
	if (ttl < 0 || hop < 0)
		return false;
	int steps = 1;
	for (; hop > 0 && hops_router_back(path, hop) < 0; hop--)
		steps++;
	struct addr router = hops_addr(path, hop);
	int before = hop ? hops_router_back(path, hop) : -1;
	return hops_back((uint8_t)ttl) - before - steps > TOLERANCE_HOPS &&
	       !(addr_is_set(&router) && is_own(path, &router));
}

/* Nobody but the gateway is one hop away behind a gateway. */
static bool is_at_gateway(const struct path *path)
{
	const struct server *server = &path->trace->servers[path->server];
	const struct route *route = trace_route(path->trace, server->addr.family);
	return path->answered == 1 && route && addr_is_set(&route->gateway);
}

void scene_doubt_distance(struct scene *scene, uint32_t s, const bool *shared)
{
	struct path *path = &scene->paths[s];
	struct quotes quotes;
	read_quotes(path, &quotes);
	/* Where balanced ways differ in length, some SYNs go on where others are answered. */
	if (path->answered && !quotes.raised && !parting_is_uneven(path))
		path->impostor = expires_beyond(path, shared) || rejected_beyond(path, &quotes);
	path->stranger = path->impostor && is_stranger(scene, s, &quotes.from);
	path->ttl_void =
		quotes.raised || (!path->impostor && (is_levelled(path) || is_at_gateway(path)));
	if (path->impostor || path->ttl_void)
		path->distance = 0;
}

/* Whether the way of another server, whose own answers show it, is void where this one lies. */
static bool is_void_by_others(const struct scene *scene, uint32_t s)
{
	const struct path *path = &scene->paths[s];
	int last = path_last_router(path);
	OTHERS_EACH(o, scene, s, OTHERS_ANY)
	{
		const struct path *theirs = &scene->paths[o.server];
		int hop = path_last_router(theirs);
		if (path->ttl_void || path->impostor || !theirs->ttl_void || last > hop)
			continue;
		bool seen = hop > 0 && last == hop;
		if (!seen || scene_same_hop(scene, s, o.server, hop))
			return true;
	}
	return false;
}

void scene_share_void(struct scene *scene)
{
	/* First all are asked, so that their order does not matter. */
	for (uint32_t s = 0; s < scene->n; s++)
		scene->paths[s].void_elsewhere = is_void_by_others(scene, s);
	for (uint32_t s = 0; s < scene->n; s++) {
		struct path *path = &scene->paths[s];
		if (!path->void_elsewhere)
			continue;
		path->ttl_void = true;
		path->distance = 0;
	}
}
