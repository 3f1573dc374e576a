/* SPDX-License-Identifier: BSD-2-Clause */
/* Some flows pass and others never do: one of several ways drops, or a rule looks at source ports.
 */
#include "base/stats.h"
#include "infer/numbers.h"
#include "infer/rules/way_place.h"
#include "infer/scene/others.h"
#include "infer/scene/rate.h"
#include "infer/scene/ways.h"

bool way_decides(const struct ways *ways)
{
	return ways->fixed >= WAYS_DECIDED && ways->failing >= FLOWS_LEAST &&
	       ways->passing >= FLOWS_LEAST;
}

static bool shares_hop(const struct scene *scene, uint32_t s, uint32_t other, int hop)
{
	return other == s || scene_same_hop(scene, s, other, hop);
}

/* What failing flows draw at a hop. */
static void count_silent(const struct path *path, uint16_t port, int hop, const struct ways *ways,
			 struct way_hop *out)
{
	struct flows flows;
	flows_read(path, port, &flows);
	ways_keep_sure(ways, &flows);
	for (size_t i = 0; i < flows.n; i++) {
		struct flow_hop at;
		if (!flow_fails(&flows.item[i]))
			continue;
		flows_hop(path, port, flows.item[i].src_port, hop, &at);
		out->silent += at.silent;
		out->refused += at.refused;
		out->expired += addr_is_set(&at.router);
	}
}

void way_hop_read(const struct scene *scene, uint32_t s, int hop, const struct ways *ways,
		  struct way_hop *out)
{
	*out = (struct way_hop){0};
	OTHERS_EACH(o, scene, s, OTHERS_PORT | OTHERS_AND_SELF)
	{
		if (!shares_hop(scene, s, o.server, hop))
			continue;
		const struct path *path = &scene->paths[o.server];
		flows_control(path, hop, &out->control, &out->control_expired);
		count_silent(path, scene->trace->servers[s].port, hop, ways, out);
	}
	out->complete = out->control >= WAY_CONTROLS &&
			out->control_expired >= COMPLETE_SHARE * out->control;
	/* A refusal shows by itself that the SYN got no further; silence, where losses are rare. */
	bool enough = out->refused >= TELLS_LEAST ||
		      (out->complete && out->silent >= SILENT_LEAST &&
		       rate_way_silence(scene, s, out->silent) <= RATE_PROVEN);
	out->missed = enough && !out->expired;
}

/* How far the failing flows of a server got, at least and at most. */
static bool reach(const struct path *path, const struct flows *flows, int *least, int *most)
{
	bool known = false;
	for (size_t i = 0; i < flows->n; i++) {
		const struct flow *flow = &flows->item[i];
		struct flow_hop beyond;
		if (!flow_fails(flow))
			continue;
		flows_hop(path, path->target.port, flow->src_port, flow->last_expired + 1, &beyond);
		*most = flow->last_expired > *most ? flow->last_expired : *most;
		if (beyond.silent + beyond.refused < LOCATED_LEAST)
			continue;
		*least = !known || flow->last_expired < *least ? flow->last_expired : *least;
		known = true;
	}
	return known;
}

/* The router at a hop that all failing flows cross which were asked there, if it is one. */
static void find_member(const struct path *path, const struct flows *flows, int hop,
			struct way_place *out)
{
	for (size_t i = 0; i < flows->n; i++) {
		struct flow_hop at;
		flows_hop(path, path->target.port, flows->item[i].src_port, hop, &at);
		if (!flow_fails(&flows->item[i]) || !addr_is_set(&at.router))
			continue;
		if (addr_is_set(&out->member) && !addr_equal(&out->member, &at.router)) {
			out->member = (struct addr){0};
			return;
		}
		out->member = at.router;
	}
}

/* Flows through the member: it is to blame only if no passing one is among them. */
static void count_crossing(const struct scene *scene, uint32_t s, const struct ways *ways,
			   struct way_place *out)
{
	struct flows flows;
	OTHERS_EACH(o, scene, s, OTHERS_PORT | OTHERS_AND_SELF)
	{
		const struct path *path = &scene->paths[o.server];
		if (!shares_hop(scene, s, o.server, out->near))
			continue;
		flows_read(path, path->target.port, &flows);
		ways_keep_sure(ways, &flows);
		for (size_t i = 0; i < flows.n; i++) {
			struct flow_hop at;
			flows_hop(path, path->target.port, flows.item[i].src_port, out->near, &at);
			if (!addr_is_set(&at.router))
				continue;
			bool crosses = addr_equal(&at.router, &out->member);
			bool passes = flow_passes(&flows.item[i]) ||
				      flows.item[i].last_expired > out->near;
			out->failing_through += crosses && flow_fails(&flows.item[i]);
			out->passing_through += crosses && passes;
			out->passing_beside += !crosses && passes;
		}
	}
}

bool way_place_find(const struct scene *scene, uint32_t s, const struct ways *ways,
		    struct way_place *out)
{
	const struct path *path = &scene->paths[s];
	int far = scene->roles[s].server_hop, most = 0;
	struct flows flows;
	*out = (struct way_place){.first_missing = far};
	flows_read(path, path->target.port, &flows);
	ways_keep_sure(ways, &flows);
	if (!reach(path, &flows, &out->near, &most))
		return false;
	for (int hop = most + 1; hop < far && out->first_missing == far; hop++) {
		struct way_hop at;
		way_hop_read(scene, s, hop, ways, &at);
		if (at.missed)
			out->first_missing = hop;
	}
	if (out->near) {
		find_member(path, &flows, out->near, out);
		count_crossing(scene, s, ways, out);
	}
	return true;
}

/* The port fares worse than the controls by more than chance allows: losses hit both. */
static bool worse_than_control(const struct scene *scene, uint32_t s, const struct ways *ways)
{
	const struct outcome *control = &rate_of(scene, s)->control;
	return ways->apart >= APART_DECIDED ||
	       stats_fisher(ways->passed, ways->passed + ways->lost, control->reached,
			    control->sent) <= LIMITED_CHANCE;
}

/* The chance that all flows of this server fail, if they fare as the others' do. */
static double bad_luck(const struct ways *ways)
{
	double share =
		(ways->other_failing + 0.5) / (ways->other_failing + ways->other_passing + 1.0);
	double luck = 1.0;
	for (uint32_t i = 0; i < ways->own_failing; i++)
		luck *= share;
	return luck;
}

/* Whether the server's own flows leave room for the others' explanation. */
static bool concerns(const struct scene *scene, uint32_t s, const struct ways *ways)
{
	return ways->own_failing > 0 &&
	       (flows_disagree(&scene->paths[s]) || bad_luck(ways) > LUCK_CHANCE);
}

/* Whether SYNs to a server that accepts others are reset: what is lost there explains no reset. */
static bool resets_elsewhere(const struct scene *scene, uint32_t s)
{
	OTHERS_EACH(o, scene, s, OTHERS_PORT | OTHERS_ANSWER)
	{
		if (scene->paths[o.server].target.at[0].reset)
			return true;
	}
	return false;
}

/* All flows of this server fail, but those of others do so now and then: it may be no worse. */
bool rule_flows_unlucky(const struct scene *scene, uint32_t s)
{
	enum conduct conduct = scene->conducts[s];
	struct ways ways;
	if ((conduct != CONDUCT_SILENT && conduct != CONDUCT_RESET) ||
	    flows_disagree(&scene->paths[s]) || !ways_disagree_elsewhere(scene, s) ||
	    (conduct == CONDUCT_RESET && !resets_elsewhere(scene, s)))
		return false;
	ways_read(scene, s, &ways);
	return ways.passing > 0 && bad_luck(&ways) > LUCK_CHANCE;
}

/* Whoever resets a SYN of a small TTL is no further away than that. */
static void bound_by_resets(const struct scene *scene, uint32_t s, struct claim *out)
{
	int first = scene->paths[s].target.first_reset;
	if (!first || first >= out->first_missing || !rate_server_beyond(scene, s, first))
		return;
	out->first_missing = first;
	if (out->last_seen >= first) {
		out->last_seen = 0;
		out->member = (struct addr){0};
	}
}

bool rule_path_dependent(const struct scene *scene, uint32_t s, struct claim *out)
{
	enum conduct conduct = scene->conducts[s];
	struct ways ways;
	struct way_place place;
	struct outcome own = path_reaching(&scene->paths[s], &scene->paths[s].target);
	bool asked =
		conduct == CONDUCT_ANSWERS || conduct == CONDUCT_SILENT || conduct == CONDUCT_RESET;
	if (!scene->trace->run.own || !asked || own.sent == own.synack)
		return false;
	ways_read(scene, s, &ways);
	if (!way_decides(&ways) || !worse_than_control(scene, s, &ways) ||
	    !concerns(scene, s, &ways))
		return false;
	int far = scene->roles[s].server_hop;
	bool found = way_place_find(scene, s, &ways, &place);
	claim_say(out, STATE_DEGRADED, own.reset ? MECHANISM_TCP_RESET : MECHANISM_SILENT_DROP,
		  SURE_MOST);
	out->last_seen = found ? place.near : 0;
	out->first_missing = found ? place.first_missing : far;
	out->member = place.member;
	bound_by_resets(scene, s, out);
	bool way_back = out->first_missing == far;
	for (int hop = out->last_seen; hop < out->first_missing || (way_back && hop == far); hop++)
		out->weight[hop] = 1.0;
	claim_between(out, out->last_seen, out->first_missing, far);
	out->span.way_back = way_back;
	return true;
}
