/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/stats.h"
#include "infer/numbers.h"
#include "infer/rules/claim.h"
#include "infer/scene/rate.h"
#include "infer/way/parting.h"

/* The chance of what is still silent behind the last hop that saw a SYN, hop by hop. */
static double weigh_hops(const struct scene *scene, uint32_t s, int near, struct claim *out)
{
	const struct path *path = &scene->paths[s];
	int far = scene->roles[s].server_hop;
	double left = 1.0;
	out->weight[near] = 1.0;
	out->first_missing = far;
	for (int hop = near + 1; hop < far; hop++) {
		/*
		 * Hops of the control's way say nothing of another, and from where it is answered
		 * on there are no routers to compare.
		 */
		bool tells = !out->open_end && (!path->answered || hop < path->answered);
		left *= tells ? rate_hop_doubt(scene, s, hop) : 1.0;
		out->weight[hop] = left;
		if (left <= rate_boundary_doubt(scene, s) && out->first_missing == far)
			out->first_missing = hop;
	}
	out->weight[far] = left;
	return left;
}

/* Behind the last hop that saw a SYN. */
static bool place_silence(const struct scene *scene, uint32_t s, int near, struct claim *out)
{
	const struct path *path = &scene->paths[s];
	int far = scene->roles[s].server_hop;
	/* Who answers the control in the server's place says nothing of the way beyond. */
	if (near >= far || path->impostor)
		return false;
	double left = weigh_hops(scene, s, near, out);
	struct outcome asked = path_reaching(path, &path->target);
	/* Of many servers that answer one is silent by chance more easily than the only one. */
	uint32_t company = rate_of(scene, s)->answering;
	double chance = rate_silence(scene, s, asked.sent) * left * (company ? company : 1);
	out->sure = 1.0 / (1.0 + chance);
	/* The SYNs left this host: the capture sees them after everything local. */
	claim_between(out, near, out->first_missing, far);
	out->span.way_back = out->first_missing == far && (!out->open_end || parting_unmet(path));
	return true;
}

/* SYNs that come back are sent back by a router of the first round. */
static void place_loop(const struct loop *loop, struct claim *out)
{
	out->loop = true;
	out->sure = SURE_LOOP;
	out->placed = true;
	out->last_seen = loop->first;
	out->first_missing = loop->last;
	for (int hop = loop->first; hop <= loop->last; hop++)
		out->weight[hop] = 1.0;
	out->span = (struct span){
		.lo = line_behind(loop->first),
		.hi = loop->alone ? line_in(loop->last + 1) : line_out(loop->last),
	};
}

bool rule_silence(const struct scene *scene, uint32_t s, struct claim *out)
{
	const struct path *path = &scene->paths[s];
	struct loop loop;
	if (scene->conducts[s] != CONDUCT_SILENT)
		return false;
	out->state = STATE_BLOCKED;
	out->mechanism = MECHANISM_SILENT_DROP;
	bool loops = parting_loop(path, &loop);
	if (loops && loop.proven) {
		place_loop(&loop, out);
		return true;
	}
	int unmet = parting_unmet(path);
	out->open_end = loops || path->parting || unmet;
	int common = unmet ? unmet : path->parting ? path->parting : scene->roles[s].server_hop;
	int near = loops ? loop.first : rate_last_seen(scene, s, common);
	bool placed = place_silence(scene, s, near, out);
	/* They were seen to arrive there, and no answer to leave. */
	if (placed && path->at_server) {
		int far = scene->roles[s].server_hop;
		out->span = (struct span){.lo = line_in(far), .hi = line_out(far)};
	}
	return placed;
}

bool claim_rested_place(const struct scene *scene, uint32_t s, struct rested_place *place)
{
	struct claim silence = {0};
	if (!rule_silence(scene, s, &silence) || silence.loop)
		return false;
	*place = rested_place(scene, s, silence.last_seen, silence.first_missing);
	return true;
}

bool rule_hurried(const struct scene *scene, uint32_t s, struct claim *out)
{
	struct rested_place place;
	out->mechanism = MECHANISM_UNKNOWN;
	return claim_rested_place(scene, s, &place) &&
	       rested_refute(scene, scene_family(scene, s)) && !rested_confirm(scene, s, place);
}
