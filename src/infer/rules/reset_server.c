/* SPDX-License-Identifier: BSD-2-Clause */
/* Resets from the server's own distance, or about there. */
#include "base/stats.h"
#include "infer/numbers.h"
#include "infer/rules/reset.h"
#include "infer/rules/reset_series.h"
#include "infer/scene/others.h"
#include "infer/scene/rate.h"
#include "infer/way/hops.h"

/* At the server where they are its own; else behind hop `near`, the server's among them. */
static void place_at_server(struct claim *out, bool own, int near, int far)
{
	claim_between(out, own ? far : near, far, far);
	if (own)
		out->span.lo = line_in(far);
}

/* Resets that first come at the server's own distance, or about there, by whom: from `near` on. */
static void claim_at_server(const struct scene *scene, uint32_t s, bool own, int near,
			    struct claim *out)
{
	place_at_server(out, own, near, scene->paths[s].port_distance);
	bool closed = own || roles_over(&scene->roles[s], &out->span) == ROLE_REMOTE;
	claim_say(out, closed ? STATE_CLOSED : STATE_BLOCKED,
		  closed ? MECHANISM_CLOSED : MECHANISM_TCP_RESET,
		  own ? SURE_SERVER_OWN : SURE_SERVER_LIKE);
}

/* The last hop before the nearest possible sender, where SYNs may pass beside his resets. */
static int nearest_beside(const struct scene *scene, uint32_t s, const struct reset_series *all)
{
	const struct path *path = &scene->paths[s];
	int hop = (all->first ? all->first : path->distance) - 1;
	uint32_t spared = 0;
	/* That they come from as far as the server's answers is a sign of its own. */
	double doubt = resets_same_way_back(path, all) ? RATE_PROVEN : SPARED_DOUBT;
	for (; hop > 0; hop--) {
		spared += resets_spared(&path->target, hop);
		if (resets_spared_doubt(scene, s, spared) <= doubt)
			break;
	}
	return resets_short_way(path, all, hop);
}

/*
 * Whether they come from as far as the last router before the server does, and nearer than any
 * answer of the server's: that router's, or somebody's beside it. No system begins its resets with
 * one hop more than its SYN-ACKs.
 */
static bool are_edge_routers(const struct path *path, const struct reset_series *all)
{
	int far = path->port_distance, back = hops_back((uint8_t)all->ttl_min);
	return all->n >= TELLS_LEAST && all->ttl_min == all->ttl_max && all->first == far &&
	       back < hops_server_back(path) && !hops_server_as_far(path, back) &&
	       hops_router_back(path, far - 1) == back;
}

bool rule_reset_by_server(const struct scene *scene, uint32_t s, struct claim *out)
{
	const struct path *path = &scene->paths[s];
	struct reset_series all = resets_gather(scene, s);
	int far = path->port_distance;
	/* At the control's own distance, or nearer by what was not proven to be nearer. */
	if (scene->conducts[s] != CONDUCT_RESET || !far || all.first == 0 || all.first > far)
		return false;
	/* What was a SYN-ACK is no refusal of the server's. */
	if (all.dressed == all.n)
		return false;
	/* A server that accepts a SYN does not refuse it as well. */
	bool beside = path_reaching(path, &path->target).both > 0;
	int near = beside ? nearest_beside(scene, s, &all) : resets_nearest_source(scene, s, &all);
	/* By the way back, unless the router before it answers from as far. */
	bool own = !beside && resets_same_way_back(path, &all) && all.first == far &&
		   near == far - 1 && hops_router_back(path, far - 1) != hops_server_back(path);
	claim_at_server(scene, s, own, near, out);
	if (!own && !beside && are_edge_routers(path, &all)) {
		out->state = STATE_BLOCKED;
		out->mechanism = MECHANISM_TCP_RESET;
	}
	/* As one does that meets the server's SYN-ACK on its way back, and resets it there. */
	if (beside || (!own && resets_come_short(path, &all))) {
		out->state = STATE_BLOCKED;
		out->mechanism = MECHANISM_TCP_RESET;
		out->span.way_back = true;
		out->weight[scene->roles[s].server_hop] = 1.0;
	}
	return true;
}

/* One SYN is accepted, the next is refused: servers behind one address that differ, mostly. */
bool rule_refused_sometimes(const struct scene *scene, uint32_t s, struct claim *out)
{
	const struct path *path = &scene->paths[s];
	if (scene->conducts[s] != CONDUCT_ANSWERS || path->target.at[0].reset < TELLS_LEAST)
		return false;
	struct reset_series all = resets_gather(scene, s);
	int far = path->distance;
	if (!far || (all.first && rate_server_beyond(scene, s, all.first)))
		return false;
	/* A box that copies the SYN's TTL could be anywhere: its resets die on their way back. */
	bool copies = all.trigger_max - all.trigger_min < 2 || all.ttl_max - all.ttl_min > 1;
	int near = copies ? 0 : nearest_beside(scene, s, &all);
	bool own = !copies && resets_same_way_back(path, &all) && near == far - 1;
	claim_at_server(scene, s, own, near, out);
	out->state = STATE_DEGRADED;
	return true;
}

/* Whether a server of another network fares so as well, behind whoever answers for everybody. */
static bool resets_everywhere(const struct scene *scene, uint32_t s)
{
	OTHERS_EACH(o, scene, s, OTHERS_PORT | OTHERS_APART)
	{
		if (scene->conducts[o.server] == CONDUCT_RESET &&
		    path_ttl_void(&scene->paths[o.server]))
			return true;
	}
	return false;
}

/*
 * From as far as the server answers, and from further than somebody who answers in everybody's
 * name: its own. Else anybody's behind the last router that let the port's SYNs expire; where that
 * is who answers for everybody, one server may have refused, those of several networks did not.
 */
bool rule_reset_unplaced(const struct scene *scene, uint32_t s, struct claim *out)
{
	const struct path *path = &scene->paths[s];
	if (scene->conducts[s] != CONDUCT_RESET || !path_ttl_void(path))
		return false;
	struct reset_series all = resets_gather(scene, s);
	int far = scene->roles[s].server_hop;
	if (all.n < 2 || all.dressed == all.n)
		return false;
	bool far_off = hops_server_back(path) >= FAR_LEAST;
	if (!far_off && !resets_everywhere(scene, s))
		return false;
	bool own = far_off && all.ttl_min == all.ttl_max && resets_same_way_back(path, &all);
	int near = all.first ? resets_nearest_source(scene, s, &all) : 0;
	claim_say(out, own ? STATE_CLOSED : STATE_BLOCKED,
		  own ? MECHANISM_CLOSED : MECHANISM_TCP_RESET, SURE_UNPLACED);
	place_at_server(out, own, near, far);
	return true;
}
