/* SPDX-License-Identifier: BSD-2-Clause */
/* Routers from which ways go on into several networks. */
#include "infer/scene/exchanges.h"
#include "infer/scene/others.h"
#include "infer/scene/owners.h"
#include "infer/scene/siblings.h"
#include "infer/way/hops.h"
#include "infer/way/parting.h"
#include <string.h>

/* On an exchange's LAN: beyond it is some other network, whichever. */
#define BY_EXCHANGE UINT32_MAX

/* The networks behind a router, as the ways to several servers show them; 0: none. */
struct behind {
	uint32_t carrier, direct; /* the first that carries on, and the first that is a server's */
	bool carriers, directs;	  /* there are others */
};

/*
 * Adds the first network behind a hop that is not `own`. Routers without a number that tells,
 * behind its last one, may be of any: then it is unknown.
 */
static void add_network(struct behind *b, const struct path *path, int hop, uint32_t own)
{
	const struct server *server = &path->trace->servers[path->server];
	uint32_t last = network_group(roles_server_asn(path->trace, server)), asn = 0;
	int far = path->distance ? path->distance : PATH_TTL_MAX;
	bool unknown = false;

	for (int at = hop + 1; !asn && at < far; at++) {
		struct addr shown = hops_addr(path, at), addr = trace_plain(path->trace, &shown);
		const struct network *n = trace_network(path->trace, &addr);
		bool numbered = addr_is_set(&addr) && n && n->asn;

		if (addr_is_set(&addr) && exchange_has(&addr))
			asn = BY_EXCHANGE;
		else if (trace_same_site(path->trace, &addr, &server->addr))
			asn = last;
		else if (numbered && network_group(n->asn) != own)
			asn = network_group(n->asn);
		if (asn && unknown)
			return;
		unknown = !asn && !numbered;
	}
	if (!asn && unknown)
		return;
	asn = asn ? asn : last;
	uint32_t *first = asn == last ? &b->direct : &b->carrier;
	bool *others = asn == last ? &b->directs : &b->carriers;
	*others = *others || (*first && *first != asn);
	*first = *first ? *first : asn;
}

/*
 * Whether a router is its network's own for what is behind it: several that carry on, or several
 * servers' own. With a single carrier beside servers' own it may be the carrier's first router,
 * whose customers they are.
 */
static enum fan fan_of(const struct behind *b)
{
	if (b->carriers || (b->directs && !b->carrier))
		return FAN_APART;
	return b->carrier ? FAN_CARRIED : FAN_NONE;
}

void scene_mark_fans(const struct scene *scene, uint32_t s, const struct path *path,
		     enum fan fans[PATH_TTL_MAX + 2])
{
	memset(fans, 0, (PATH_TTL_MAX + 2) * sizeof(*fans));
	for (int hop = 1; hop <= PATH_TTL_MAX; hop++) {
		struct addr addr = hops_addr(path, hop);
		if (!addr_is_set(&addr))
			continue;
		const struct network *n = trace_network(path->trace, &addr);
		uint32_t own = n ? network_group(n->asn) : 0;
		struct behind behind = {0};
		if (!own)
			continue;
		add_network(&behind, path, hop, own);
		OTHERS_EACH(o, scene, s, OTHERS_APART)
		{
			const struct path *theirs = &scene->paths[o.server];
			if (parting_share(&path->control.hop[hop], &theirs->control.hop[hop]))
				add_network(&behind, theirs, hop, own);
		}
		fans[hop] = fan_of(&behind);
	}
}
