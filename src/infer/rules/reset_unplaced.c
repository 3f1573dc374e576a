/* SPDX-License-Identifier: BSD-2-Clause */
/* Resets where TTLs tell no place: only how far they travelled back is left. */
#include "infer/rules/reset.h"
#include "infer/way/hops.h"

/* Who answers in everybody's name is nearer than this. */
#define FAR_LEAST 3

/*
 * From as far as the server answers, and from further than somebody who answers in everybody's
 * name: its own. Else anybody's behind the last router that let the port's SYNs expire.
 */
bool rule_reset_unplaced(const struct scene *scene, uint32_t s, struct claim *out)
{
	const struct path *path = &scene->paths[s];
	if (scene->conducts[s] != CONDUCT_RESET || !path_ttl_void(path))
		return false;
	struct resets all = resets_gather(scene, s);
	int far = scene->roles[s].server_hop;
	if (all.n < 2 || all.dressed == all.n || hops_server_back(path) < FAR_LEAST)
		return false;
	bool own = all.ttl_min == all.ttl_max && resets_same_way_back(path, &all);
	int near = all.first ? resets_nearest_source(scene, s, &all) : 0;
	out->state = own ? STATE_CLOSED : STATE_BLOCKED;
	out->mechanism = own ? MECHANISM_CLOSED : MECHANISM_TCP_RESET;
	out->sure = 0.93;
	out->placed = true;
	out->last_seen = own ? far : near;
	out->first_missing = far;
	out->span = (struct span){
		.lo = own    ? line_in(far)
		      : near ? line_out(near)
			     : line_link(0),
		.hi = line_out(far),
	};
	return true;
}
