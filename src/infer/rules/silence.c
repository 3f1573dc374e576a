/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/stats.h"
#include "infer/rules/claim.h"
#include "infer/way/parting.h"
#include <math.h>

/* Losses come in bursts, so no hop's silence alone counts for more than this. */
#define HOP_DOUBT_LEAST 0.0005
/* Where SYNs are lost, a hop's silence must be so much surer. */
#define LOSSY_SURER 16
/* A router that comes back three times, or for a SYN that could have gone much further. */
#define LOOP_SURE 0.98

/*
 * Where the port answers on other servers, near places are the less likely ones; and where SYNs to
 * the controls are lost, a hop's silence is asked about until it is surer, and each hop had its
 * chance to be the first that is silent by bad luck.
 */
double claim_boundary_doubt(const struct scene *scene, uint32_t s)
{
	const struct family_rate *rate = scene_rate(scene, s);
	double doubt = rate->answering ? CLAIM_DOUBT / 2 : CLAIM_DOUBT;
	return scene_way_loses(scene, s) || rate->runs_short ? doubt / LOSSY_SURER : doubt;
}

int claim_last_seen(const struct scene *scene, uint32_t s, int far)
{
	int last = scene->paths[s].target.last_expired;
	for (int hop = last + 1; hop < far; hop++) {
		struct hop_pool pool = scene_pool(scene, s, hop);
		const struct outcome *own = &scene->paths[s].control.at[hop];
		double doubt = stats_silence(own->answered, own->sent,
					     scene->paths[s].target.at[hop].sent);
		if (pool.target_expired && doubt > CLAIM_DOUBT)
			last = hop;
	}
	return last;
}

double claim_way_silence(const struct scene *scene, uint32_t s, uint32_t n)
{
	uint32_t answered = 0, sent = 0;
	for (int hop = 1; hop < scene->roles[s].server_hop; hop++) {
		const struct outcome *o = &scene->paths[s].control.at[hop];
		answered += o->expired;
		sent += o->expired ? o->sent : 0;
	}
	return stats_silence(answered, sent, n);
}

double claim_hop_doubt(const struct scene *scene, uint32_t s, int hop)
{
	struct hop_pool pool = scene_pool(scene, s, hop);
	if (!pool.control_answered)
		return 1.0;
	double doubt = stats_silence(pool.control_answered, pool.control_sent, pool.target_sent);
	/* Where answers run short, one of a pair takes the other's: only the sign of each pair
	 * counts. */
	if (scene_rate(scene, s)->runs_short || pool.control_answered < pool.control_sent) {
		uint32_t pairs = pool.control_answered < pool.target_sent ? pool.control_answered
									  : pool.target_sent;
		double sign = ldexp(1.0, -(int)pairs);
		doubt = sign > doubt ? sign : doubt;
	}
	/* Few SYNs at one hop may have been lucky where others were lost. */
	double way = claim_way_silence(scene, s, pool.target_sent);
	doubt = way > doubt ? way : doubt;
	return doubt < HOP_DOUBT_LEAST ? HOP_DOUBT_LEAST : doubt;
}

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
		left *= tells ? claim_hop_doubt(scene, s, hop) : 1.0;
		out->weight[hop] = left;
		if (left <= claim_boundary_doubt(scene, s) && out->first_missing == far)
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
	if (near >= far || path->foreign)
		return false;
	double left = weigh_hops(scene, s, near, out);
	struct outcome asked = path_reaching(path, &path->target);
	/* Of many servers that answer one is silent by chance more easily than the only one. */
	uint32_t company = scene_rate(scene, s)->answering;
	double chance = scene_silence(scene, s, asked.sent) * left * (company ? company : 1);
	out->sure = 1.0 / (1.0 + chance);
	out->placed = true;
	out->last_seen = near;
	/* The SYNs left this host: the capture sees them after everything local. */
	out->span = (struct span){
		.lo = near ? line_out(near) : line_link(0),
		.hi = out->first_missing == far ? line_out(far) : line_in(out->first_missing),
		.way_back = out->first_missing == far && (!out->open_end || parting_unmet(path)),
	};
	return true;
}

/* SYNs that come back are sent back by a router of the first round. */
static void place_loop(const struct loop *loop, struct claim *out)
{
	out->loop = true;
	out->sure = LOOP_SURE;
	out->placed = true;
	out->last_seen = loop->first;
	out->first_missing = loop->last;
	for (int hop = loop->first; hop <= loop->last; hop++)
		out->weight[hop] = 1.0;
	out->span = (struct span){
		.lo = loop->first ? line_out(loop->first) : line_link(0),
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
	int near = loops ? loop.first : claim_last_seen(scene, s, common);
	return place_silence(scene, s, near, out);
}
