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

/* The first network behind a hop that is known and is not `own`, 0: none is known. */
static uint32_t network_behind(const struct path *path, int hop, uint32_t own)
{
	int far = path->distance ? path->distance : PATH_TTL_MAX;
	for (int at = hop + 1; at < far; at++) {
		struct addr addr = hops_addr(path, at);
		if (!addr_is_set(&addr))
			continue;
		const struct network *n = trace_network(path->trace, &addr);
		if (exchange_has(&addr))
			return BY_EXCHANGE;
		if (n && n->asn && network_group(n->asn) != own)
			return network_group(n->asn);
	}
	return network_group(roles_server_asn(path->trace, &path->trace->servers[path->server]));
}

void scene_mark_fans(const struct scene *scene, uint32_t s, const struct path *path,
		     bool fans[PATH_TTL_MAX + 2])
{
	memset(fans, 0, (PATH_TTL_MAX + 2) * sizeof(*fans));
	for (int hop = 1; hop <= PATH_TTL_MAX; hop++) {
		struct addr addr = hops_addr(path, hop);
		if (!addr_is_set(&addr))
			continue;
		const struct network *n = trace_network(path->trace, &addr);
		uint32_t own = n ? network_group(n->asn) : 0;
		uint32_t behind = own ? network_behind(path, hop, own) : 0;
		if (!behind)
			continue;
		OTHERS_EACH(o, scene, s, OTHERS_APART)
		{
			const struct path *theirs = &scene->paths[o.server];
			if (!parting_share(&path->control.hop[hop], &theirs->control.hop[hop]))
				continue;
			uint32_t elsewhere = network_behind(theirs, hop, own);
			fans[hop] = fans[hop] || (elsewhere && elsewhere != behind);
		}
	}
}
