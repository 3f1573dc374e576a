/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/numbers.h"
#include "infer/rules/claim.h"
#include "infer/scene/others.h"
#include "infer/scene/rate.h"
#include "infer/scene/sessions.h"
#include "infer/way/hops.h"
#include "infer/way/parting.h"
#include <stdlib.h>

/* Whether a session with a server of another network, answered at the same hop, was verified: then
 * whoever answers there passes everything on. Losses make the hop seem further than it is. */
static bool passes_elsewhere(const struct scene *scene, uint32_t s, int first)
{
	int most = rate_way_loses(scene, s) ? TOLERANCE_HOPS : 0;
	OTHERS_EACH(o, scene, s, OTHERS_PORT | OTHERS_APART)
	{
		int theirs = scene->paths[o.server].target.first_synack;
		if (theirs && abs(theirs - first) <= most &&
		    rate_server_beyond(scene, o.server, theirs) && mail_is_trusted(scene, o.server))
			return true;
	}
	return false;
}

bool rule_answered_nearer(const struct scene *scene, uint32_t s, struct claim *out)
{
	if (scene->conducts[s] != CONDUCT_ANSWERS)
		return false;
	const struct path *path = &scene->paths[s];
	const struct roles *roles = &scene->roles[s];
	int first = path->target.first_synack;
	if (!first || !rate_server_beyond(scene, s, first))
		return false;
	/*
	 * Mail farms put their ports on machines a router or two apart; an answer from further
	 * inside than that, or from a hop of the user's own side, is somebody else's.
	 */
	bool far_inside = rate_server_beyond(scene, s, first + TOLERANCE_HOPS);
	bool own_side = !(roles->owners[first] & (ROLE_TRANSIT | ROLE_REMOTE));
	if ((!far_inside && !own_side) || passes_elsewhere(scene, s, first))
		return false;
	/* Whoever is there may pass the session on, and its client was content. */
	if (mail_may_be_secured(scene, s) || rate_ways_unlike(scene, s, first))
		return true;
	bool again = path->target.at[first].synack >= TELLS_LEAST;
	claim_say(out, STATE_INTERCEPTED, MECHANISM_REDIRECT,
		  again ? SURE_NEARER_AGAIN : SURE_NEARER_ONCE);
	claim_between(out, path_expired_before(path, first), first, roles->server_hop);
	return true;
}

/* SYNs to the port that were accepted and expired further out as well. */
static uint32_t accepted_on_the_way(const struct path *path)
{
	uint32_t both = 0;
	for (int hop = path->target.first_synack; hop > 0 && hop < path->distance; hop++) {
		const struct outcome *o = &path->target.at[hop];
		uint32_t answers = (uint32_t)o->synack + o->expired;
		both += answers > o->sent ? answers - o->sent : 0;
	}
	return both;
}

/*
 * Who accepts SYNs that travel on to the server is no proxy that passes everything on, though a
 * session got through: where one of two answers was lost.
 */
bool rule_answered_beside(const struct scene *scene, uint32_t s)
{
	const struct path *path = &scene->paths[s];
	int first = path->target.first_synack;
	return first && !parting_is_uneven(path) && rate_server_beyond(scene, s, first) &&
	       accepted_on_the_way(path) >= TELLS_LEAST && mail_is_trusted(scene, s);
}

/* Both ports answered by the very first hop, as near as an answer can be, for a server behind a
 * gateway. */
static bool answered_at_gateway(const struct scene *scene, uint32_t s)
{
	const struct path *path = &scene->paths[s];
	const struct route *route = trace_route(scene->trace, scene_family(scene, s));
	return scene->conducts[s] == CONDUCT_ANSWERS && route && addr_is_set(&route->gateway) &&
	       path->control.first_synack == 1 && path->target.first_synack == 1 &&
	       hops_back((uint8_t)path->control.synack_ttl) == 0 &&
	       hops_back((uint8_t)path->target.synack_ttl) == 0;
}

/*
 * Servers of several networks cannot all be one hop away: whoever is there answers for everybody.
 * Unless a verified session shows that what seems to end there is passed on.
 */
bool rule_captive(const struct scene *scene, uint32_t s, struct claim *out)
{
	bool elsewhere = false, passed_on = false;
	if (!answered_at_gateway(scene, s))
		return false;
	OTHERS_EACH(o, scene, s, OTHERS_PORT | OTHERS_APART)
	{
		if (!answered_at_gateway(scene, o.server))
			continue;
		elsewhere = true;
		passed_on = passed_on || mail_is_trusted(scene, o.server);
	}
	if (!elsewhere || passed_on)
		return false;
	claim_say(out, STATE_INTERCEPTED, MECHANISM_CAPTIVE_PORTAL, SURE_CAPTIVE);
	claim_between(out, 0, 1, PATH_TTL_MAX);
	return true;
}
