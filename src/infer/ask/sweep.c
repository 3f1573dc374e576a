/* SPDX-License-Identifier: BSD-2-Clause */
/* The way to a server: every TTL up to it, and how far it is. */
#include "infer/ask/agenda.h"
#include "infer/ask/edge.h"
#include "infer/numbers.h"
#include "infer/rules/claim.h"
#include "infer/scene/others.h"
#include "infer/scene/rate.h"
#include "infer/way/hops.h"
#include "infer/way/parting.h"

/* A port that would be the better control may still answer: the sweep must not be spent on another.
 */
static bool awaits_control(const struct path *path)
{
	size_t controls = path->trace->servers[path->server].controls_n;
	for (size_t i = 1; i < path->ports_n && path->ports[i].port != path->control.port; i++) {
		bool untried = i <= controls && ask_tried(&path->ports[i].full) == 0;
		if (path->ports[i].full.pending || (untried && path->trace->run.own))
			return true;
	}
	bool submission = path_submission_port(path->control.port);
	for (size_t i = 1; submission && i < path->ports_n; i++) {
		if (path->ports[i].full.pending && !path_submission_port(path->ports[i].port))
			return true;
	}
	return false;
}

/* How many of the three pairs are this server's: more than that a router does not answer at once.
 */
static unsigned share(const struct asking *a, uint32_t s)
{
	size_t at = 0;
	while (at < a->sweepers_n && a->sweepers[at] != s)
		at++;
	return (unsigned)(SWEEPERS_MAX / a->sweepers_hoped +
			  (at < SWEEPERS_MAX % a->sweepers_hoped));
}

/* How far the server is, as far as is known. */
static int far_of(const struct path *path)
{
	int far = path->answered ? path->answered : ask_estimate(path);
	return far < PATH_TTL_MAX ? far : PATH_TTL_MAX;
}

/* Pairs until there are so many. */
static void ask_pairs(struct asking *a, uint32_t s, int ttl, unsigned want)
{
	for (unsigned i = ask_tried_pair(&a->scene->paths[s], ttl); i < want; i++)
		ask_pair(a, s, ttl, 2);
}

/* The control once, where the port's SYNs tell nothing more. */
static void ask_shown(struct asking *a, uint32_t s, int ttl)
{
	if (ask_tried(&a->scene->paths[s].control.at[ttl]) == 0)
		ask_control(a, s, ttl, 2);
}

/* Whether answers get lost, or routers have too few of them. */
static bool is_lossy(const struct scene *scene, uint32_t s)
{
	return rate_way_loses(scene, s) || rate_of(scene, s)->runs_short;
}

/* One pair a hop shows where the port's SYNs end; all pairs only there, on either side: what passes
 * now and then is to show. A router that rejects has no answers left for that. */
static void sweep_failing(struct asking *a, uint32_t s, unsigned want)
{
	const struct path *path = &a->scene->paths[s];
	int far = far_of(path), last = far;
	struct edge edge = edge_find(a, s, far);
	struct claim claim = {0};
	/* What would only be rejected again, or is as good as one of full TTL. */
	bool rejected = a->scene->conducts[s] == CONDUCT_REJECTED;
	if (rejected && rule_rejected(a->scene, s, &claim) && claim.last_seen > 0)
		last = claim.last_seen + 1;
	else if (a->scene->conducts[s] == CONDUCT_SILENT ||
		 a->scene->conducts[s] == CONDUCT_PENDING)
		last = far - 1;
	int hop = edge.hop || !edge.known || last < far ? edge.hop : far;
	for (int ttl = 1; ttl <= far; ttl++) {
		bool beside = hop && (ttl == hop || (ttl == hop - 1 && !rejected));
		if (ttl > last)
			ask_shown(a, s, ttl);
		else
			ask_pairs(a, s, ttl, beside || edge_quiet(a, s, ttl) ? want : 1);
	}
}

/*
 * Where another server's sweep showed the end, this one's is looked for beside it: the control
 * alone shows the rest of the way. The last router that is passed has answers for one server more.
 */
static void sweep_beside(struct asking *a, uint32_t s, struct edge edge, bool second)
{
	int far = far_of(&a->scene->paths[s]), rejects = ask_rejected_alike(a, s);
	int hop = edge.hop ? edge.hop : far - 1;
	for (int ttl = 1; ttl <= far; ttl++) {
		bool passed = ttl == hop - 1 && (second || !edge.hop);
		if ((ttl == hop || passed) && (!rejects || ttl < rejects))
			ask_pairs(a, s, ttl, 1);
		else if (ttl != rejects)
			ask_shown(a, s, ttl);
	}
}

/* Of those that sweep and whose port fails, the one whose sweep has come furthest. */
static uint32_t first_failing(struct asking *a)
{
	uint32_t first = TRACE_NONE;
	int most = -1;
	for (size_t i = 0; i < a->sweepers_n; i++) {
		int hops = 0;
		for (int ttl = 1; ttl <= PATH_TTL_MAX; ttl++)
			hops += ask_tried_pair(&a->scene->paths[a->sweepers[i]], ttl) > 0;
		if (hops <= most || edge_need(a, a->sweepers[i]) != EDGE_FAILS)
			continue;
		first = a->sweepers[i];
		most = hops;
	}
	return first;
}

/*
 * Three pairs a hop: one from each of three servers, more from each when they are fewer. To a port
 * that fails fewer: most of them tell no more than the first.
 */
void ask_sweep(struct asking *a, uint32_t s)
{
	const struct path *path = &a->scene->paths[s];
	unsigned want = share(a, s);
	enum edge_need need = edge_need(a, s);
	if (awaits_control(path) || need == EDGE_SOON)
		return;
	if (need == EDGE_NONE) {
		for (int ttl = 1; ttl <= far_of(path); ttl++)
			ask_pairs(a, s, ttl, want);
		return;
	}
	uint32_t first = first_failing(a);
	struct edge edge = {0};
	if (first != s) {
		edge = edge_find(a, first, far_of(&a->scene->paths[first]));
		if (!edge.known)
			return;
	}
	int far = far_of(path), hop = edge.hop ? edge.hop : far - 1;
	/* Resets that got lost look like a place of their own: of these more are wanted. */
	bool unsure = a->scene->conducts[s] == CONDUCT_RESET && is_lossy(a->scene, s);
	if (first == s || hop < 1 || hop >= far || unsure ||
	    edge_denied(path, edge.hop ? hop : far))
		sweep_failing(a, s, want);
	else
		sweep_beside(a, s, edge, s == a->sweepers[first == a->sweepers[0] ? 1 : 0]);
}

/* Where the port's SYNs still expire at the control's distance, theirs is further. */
static void ask_longer(struct asking *a, uint32_t s)
{
	const struct path *path = &a->scene->paths[s];
	const struct lane *target = &path->target;
	struct loop loop;
	int last = target->last_expired;
	int end = last + DISTANCE_STEP, most = path->distance + LONGER_MOST;
	if (last < path->distance || target->first_reset > last || target->first_synack ||
	    parting_loop(path, &loop))
		return;
	for (int ttl = path->distance + 1; ttl <= end && ttl <= most && ttl <= PATH_TTL_MAX;
	     ttl++) {
		const struct outcome *o = &target->at[ttl];
		if (!ask_tried(o))
			ask_one(a, (struct question){.server = s,
						     .port = target->port,
						     .ttl = (uint8_t)ttl,
						     .alone = true,
						     .rank = 3});
	}
}

/*
 * Pairs that show whether the port decides which router a SYN meets: this server's, and those of
 * servers whose SYNs to the port meet the same one, unless their controls meet it as well.
 */
static unsigned tried_parting(const struct scene *scene, uint32_t s, int hop)
{
	const struct hop_addrs *own = &scene->paths[s].target.hop[hop];
	unsigned pairs = 0;
	OTHERS_EACH(o, scene, s, OTHERS_PORT | OTHERS_AND_SELF)
	{
		const struct path *path = &scene->paths[o.server];
		if (parting_share(own, &path->control.hop[hop]))
			return ask_tried_pair(&scene->paths[s], hop);
		if (path->parting && parting_share(own, &path->target.hop[hop]))
			pairs += ask_tried_pair(path, hop);
	}
	return pairs;
}

/* Where the last routers that both ports show differ: by chance, or by the port? */
void ask_parting(struct asking *a, uint32_t s)
{
	const struct path *path = &a->scene->paths[s];
	int hop = path->parting ? path->target.last_expired : 0;
	while (hop > 0 && (!path->control.hop[hop].n || !path->target.hop[hop].n))
		hop--;
	if (hop && !path->control.at[hop].pending && !path->target.at[hop].pending &&
	    tried_parting(a->scene, s, hop) < PARTING_FLOWS)
		ask_one(a, (struct question){
				   .server = s,
				   .port = path->control.port,
				   .partner = path->target.port,
				   .ttl = (uint8_t)hop,
				   .alone = true, /* a flow that took no part yet */
				   .rank = 3,
			   });
}

/* The distance: further while every TTL expired, again where a TTL drew nothing. */
void ask_distance(struct asking *a, uint32_t s)
{
	const struct path *path = &a->scene->paths[s];
	bool pending = false;
	int far = path->answered ? path->answered : ask_estimate(path);
	for (int ttl = 1; ttl <= far && ttl <= PATH_TTL_MAX; ttl++)
		pending = pending || path->control.at[ttl].pending ||
			  !ask_tried(&path->control.at[ttl]);
	if (pending)
		return;
	if (!path->answered) {
		int asked = far;
		while (asked < PATH_TTL_MAX && ask_tried(&path->control.at[asked + 1]))
			asked++;
		for (int ttl = asked + 1; ttl <= asked + DISTANCE_STEP && ttl <= PATH_TTL_MAX;
		     ttl++)
			ask_pair(a, s, ttl, 2);
		return;
	}
	ask_longer(a, s);
	const struct lane *target = &path->target;
	int synack = target->first_synack, reset = target->first_reset;
	bool nearer = (synack && synack < path->answered) || (reset && reset < path->answered);
	if (a->scene->conducts[s] == CONDUCT_ANSWERS && !nearer)
		return;
	for (int ttl = path->nearest; ttl < path->answered; ttl++) {
		if (!rate_server_beyond(a->scene, s, ttl) &&
		    ask_tried_pair(path, ttl) < DISTANCE_TRIES)
			ask_pair(a, s, ttl, 3);
	}
}
