/* SPDX-License-Identifier: BSD-2-Clause */
/* Questions to a port that answers some SYNs and not others. */
#include "base/stats.h"
#include "infer/ask/agenda.h"
#include "infer/numbers.h"
#include "infer/rules/way_place.h"
#include "infer/scene/rate.h"
#include "infer/scene/ways.h"

/* The port accepts some SYNs and others not, and the controls fare better. */
static bool loses(const struct scene *scene, uint32_t s)
{
	const struct path *path = &scene->paths[s];
	const struct outcome *c = &path->control.at[0], *all = &rate_of(scene, s)->control;
	if (!path->control.port || !flows_disagree(path))
		return false;
	struct outcome t = path_reaching(path, &path->target);
	return c->reached == c->sent ||
	       stats_fisher(t.synack, t.sent, all->reached, all->sent) <= LOSES_CHANCE;
}

void ask_limited(struct asking *a, uint32_t s)
{
	const struct path *path = &a->scene->paths[s];
	const struct outcome *t = &path->target.at[0];
	if (!loses(a->scene, s) || t->pending)
		return;
	unsigned tried = ask_tried(t), most = LIMITED_TRIES;
	if (tried >= LIMITED_TRIES && claim_limit_undecided(a->scene, s))
		most = UNDECIDED_TRIES;
	for (unsigned i = tried; i < most && i < tried + LIMITED_ATONCE; i++) {
		ask_full(a, s, path->target.port, 3);
		ask_full(a, s, path->control.port, 3);
	}
}

/*
 * Accepted and refused in turn: SYNs that end just before the server show whether somebody nearer
 * refuses. Nothing hangs on their expiries.
 */
static void ask_before_server(struct asking *a, uint32_t s)
{
	const struct path *path = &a->scene->paths[s];
	int hop = path->distance - 1;
	if (hop < 1 || !path->target.at[0].reset || path->target.at[hop].pending)
		return;
	for (unsigned i = ask_tried(&path->target.at[hop]); i < REFUSED_TRIES; i++)
		ask_one(a, (struct question){
				   .server = s,
				   .port = path->target.port,
				   .ttl = (uint8_t)hop,
				   .alone = true,
				   .quiet = true,
				   .rank = 3,
			   });
}

/* Only source ports of the engine's own can be used again at will. */
static bool is_ours(const struct asking *a, const struct flow *flow)
{
	enum probe_kind kind = a->whole ? PROBE_LINK : PROBE_RAW;
	return trace_port_kind(a->scene->trace, flow->src_port) == kind;
}

/* `quiet`: no expiry is expected. */
static void ask_flow(struct asking *a, uint32_t s, const struct flow *flow, int ttl, bool quiet)
{
	ask_one(a, (struct question){
			   .server = s,
			   .port = a->scene->paths[s].target.port,
			   .src_port = flow->src_port,
			   .ttl = (uint8_t)ttl,
			   .quiet = quiet,
			   .rank = 3,
		   });
}

/* One that was not answered as TCP repeats it: what the first may have left half open expects it.
 */
static void ask_full_again(struct asking *a, uint32_t s, const struct flow *flow)
{
	bool fails = flow_fails(flow);
	ask_one(a, (struct question){
			   .server = s,
			   .port = a->scene->paths[s].target.port,
			   .src_port = flow->src_port,
			   .seq = fails ? flow->seq : 0,
			   .ttl = fails ? flow->ttl : 0,
			   .quiet = true,
			   .rank = 3,
		   });
	ask_full(a, s, a->scene->paths[s].control.port, 3);
}

/* Each flow again: does it fare as before? */
static void ask_repeats(struct asking *a, uint32_t s, const struct flows *flows)
{
	unsigned failing = 0, passing = 0;
	for (size_t i = 0; i < flows->n; i++) {
		const struct flow *flow = &flows->item[i];
		if (!flow->tries || flow->unsure || !is_ours(a, flow))
			continue;
		bool fails = flow_fails(flow);
		/* What closes the last one must have had its time to arrive. */
		if (!fails &&
		    a->scene->trace->last_ns - flow->heard_ns < a->scene->paths[s].wait_ns)
			continue;
		unsigned *asked = fails ? &failing : &passing;
		if (flow->pending || (*asked)++ >= FLOWS_ASKED)
			continue;
		if (flow->tries < (fails ? FAILING_TRIES : PASSING_TRIES))
			ask_full_again(a, s, flow);
	}
}

/* The first hop that answers the control and that some SYN to the port did not reach, 0: none. */
static int first_doubtful(const struct path *path, int far)
{
	for (int hop = 1; hop < far && hop <= PATH_TTL_MAX; hop++) {
		const struct outcome *t = &path->target.at[hop];
		if (t->sent > t->expired && path->control.at[hop].expired)
			return hop;
	}
	return 0;
}

/*
 * Encloses the place where the flow ends: first about the hop where the sweep found the port
 * missing, then by halves.
 */
static void ask_reach(struct asking *a, uint32_t s, const struct flow *flow)
{
	const struct path *path = &a->scene->paths[s];
	int near = flow->last_expired, end = a->scene->roles[s].server_hop, far = end;
	int hint = first_doubtful(path, end);
	struct flow_hop at = {0}, before = {0};
	for (int ttl = near + 1; ttl < far; ttl++) {
		flows_hop(path, path->target.port, flow->src_port, ttl, &at);
		if (at.silent + at.refused)
			far = ttl;
	}
	/* Beyond the server a SYN would meet what the flow may have left half open there. */
	if (flow->pending || near >= far || !path->distance)
		return;
	if (hint > 1)
		flows_hop(path, path->target.port, flow->src_port, hint - 1, &before);
	if (hint > 1 && near < hint - 1 && !before.asked) {
		ask_flow(a, s, flow, hint - 1, false);
		ask_flow(a, s, flow, hint, true);
	} else if (far > near + 1) {
		ask_flow(a, s, flow, (near + far) / 2, false);
	} else if (far < end && at.silent + at.refused < FLOW_HOP_MISSES) {
		ask_flow(a, s, flow, far, true);
	}
}

/* Where a passing flow crosses the hop at which failing ones were seen last. */
static void ask_crossing(struct asking *a, uint32_t s, const struct flow *flow, int hop)
{
	const struct path *path = &a->scene->paths[s];
	struct flow_hop at;
	flows_hop(path, path->target.port, flow->src_port, hop, &at);
	if (hop && !flow->pending && !addr_is_set(&at.router) && at.asked < FLOW_HOP_MISSES)
		ask_flow(a, s, flow, hop, false);
}

/* Beyond the place: the first hop that is there on every way and that the failing flows miss. */
static void ask_beyond_place(struct asking *a, uint32_t s, const struct flow *failing,
			     const struct ways *ways, int near)
{
	const struct path *path = &a->scene->paths[s];
	for (int hop = near + 1; hop < a->scene->roles[s].server_hop; hop++) {
		struct way_hop at;
		struct flow_hop own;
		way_hop_read(a->scene, s, hop, ways, &at);
		if (at.missed)
			return;
		for (uint32_t i = at.control; i < WAY_CONTROLS; i++)
			ask_one(a, (struct question){
					   .server = s,
					   .port = path->control.port,
					   .ttl = (uint8_t)hop,
					   .alone = true,
					   .rank = 3,
				   });
		flows_hop(path, path->target.port, failing->src_port, hop, &own);
		if (!failing->pending && own.asked < FAILING_TRIES)
			ask_flow(a, s, failing, hop, true);
		if (at.complete || at.control < WAY_CONTROLS)
			return;
	}
}

/* Flows that may have failed by loss alone are tried once more. */
static void ask_doubtful(struct asking *a, uint32_t s, const struct flows *flows, unsigned most)
{
	unsigned asked = 0;
	for (size_t i = 0; i < flows->n && asked < most; i++) {
		const struct flow *flow = &flows->item[i];
		if (!flow_fails(flow) || flow->unsure || flow->tries >= SURE_TRIES ||
		    !is_ours(a, flow))
			continue;
		asked++;
		if (!flow->pending)
			ask_full_again(a, s, flow);
	}
}

/* The first flow that surely fails and can be used again, NULL: there is none. */
static const struct flow *first_failing(const struct asking *a, const struct flows *sure)
{
	for (size_t i = 0; i < sure->n; i++) {
		if (flow_fails(&sure->item[i]) && is_ours(a, &sure->item[i]))
			return &sure->item[i];
	}
	return NULL;
}

/* Follows flows that fail, and one that passes, to where they part. */
static void ask_place(struct asking *a, uint32_t s, const struct flows *sure,
		      const struct ways *ways, unsigned most)
{
	struct way_place place;
	unsigned failing = 0;
	bool found = way_place_find(a->scene, s, ways, &place);
	bool crossed = found && place.passing_beside + place.passing_through > 0;
	const struct flow *first = first_failing(a, sure);
	for (size_t i = 0; i < sure->n; i++) {
		const struct flow *flow = &sure->item[i];
		if (!flow->tries || !is_ours(a, flow))
			continue;
		if (flow_fails(flow) && failing++ < most)
			ask_reach(a, s, flow);
		else if (found && flow_passes(flow) && !crossed) {
			ask_crossing(a, s, flow, place.near);
			crossed = true;
		}
	}
	if (found && first)
		ask_beyond_place(a, s, first, ways, place.near);
}

void ask_flows_fate(struct asking *a, uint32_t s)
{
	const struct scene *scene = a->scene;
	struct ways ways;
	struct flows flows;
	if (!loses(scene, s) || ask_tried(&scene->paths[s].target.at[0]) < LIMITED_TRIES)
		return;
	ask_before_server(a, s);
	unsigned most = (unsigned)((FLOWS_ASKED + a->sweepers_n - 1) / a->sweepers_n);
	ways_read(scene, s, &ways);
	flows_read(&scene->paths[s], scene->paths[s].target.port, &flows);
	struct flows sure = flows;
	ways_keep_sure(&ways, &sure);
	if (ways.fixed > -WAYS_DECIDED && ways.fixed < WAYS_DECIDED)
		ask_repeats(a, s, &flows);
	else if (way_decides(&ways) && first_failing(a, &sure))
		ask_place(a, s, &sure, &ways, most);
	else if (way_decides(&ways))
		ask_doubtful(a, s, &flows, most);
}
