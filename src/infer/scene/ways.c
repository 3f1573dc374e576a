/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/scene/ways.h"
#include "base/stats.h"
#include "infer/numbers.h"
#include "infer/scene/others.h"
#include "infer/scene/rate.h"
#include <math.h>

/* Servers whose flows tell of one limit or one way, and s itself. */
#define ALL_HERE (OTHERS_PORT | OTHERS_AND_SELF)

/* One SYN's outcome beside the others', to see whether the failing ones are the last. */
struct turn {
	int64_t first_lost_ns, last_passed_ns;
	uint32_t passed, lost;
};

static bool has_flows(const struct scene *scene, uint32_t s)
{
	enum conduct conduct = scene->conducts[s];
	return conduct == CONDUCT_ANSWERS || conduct == CONDUCT_SILENT || conduct == CONDUCT_RESET;
}

/* What the controls lose is lost to everybody. */
static double common_loss(const struct scene *scene, uint32_t s)
{
	const struct outcome *all = &rate_of(scene, s)->control;
	double loss = (all->sent - all->reached + 0.5) / (all->sent + 1.0);
	return loss > LOSS_FLOOR ? loss : LOSS_FLOOR;
}

/* The share of flows that fail, from those that are all one or the other. */
static double failing_share(const struct ways *ways)
{
	double n = ways->passing + ways->failing + ways->mixed;
	double share = (ways->failing + 0.5 * ways->mixed + 0.5) / (n + 1.0);
	return share < SHARE_LEAST	 ? SHARE_LEAST
	       : share > 1 - SHARE_LEAST ? 1 - SHARE_LEAST
					 : share;
}

/* The chance of what the flow drew when each of its SYNs is lost with this one. */
static double by_loss(const struct flow *flow, double loss)
{
	return pow(1.0 - loss, flow->passed) * pow(loss, flow->tries - flow->passed);
}

/* The same when some flows fail altogether, and the others lose what the controls lose. */
static double by_way(const struct flow *flow, double failing, double loss)
{
	return (1.0 - failing) * by_loss(flow, loss) + (flow->passed ? 0 : failing);
}

static void weigh_flow(const struct flow *flow, double failing, double loss, struct ways *out)
{
	double way = by_way(flow, failing, loss);
	if (flow->tries == 0)
		return;
	out->apart += log(way / by_loss(flow, loss));
	if (flow->tries > 1)
		out->fixed += log(way / by_loss(flow, failing));
}

static void take_turn(struct turn *turn, const struct probe *p, bool lost)
{
	if (lost && (!turn->first_lost_ns || p->at_ns < turn->first_lost_ns))
		turn->first_lost_ns = p->at_ns;
	if (!lost && p->at_ns > turn->last_passed_ns)
		turn->last_passed_ns = p->at_ns;
	turn->passed += !lost;
	turn->lost += lost;
}

/* Natural logarithm of the chance of this order, 0 when the order is another. */
static double log_in_turn(const struct turn *turn)
{
	if (!turn->passed || !turn->lost || turn->first_lost_ns < turn->last_passed_ns)
		return 0;
	return -stats_log_choose(turn->passed + turn->lost, turn->lost);
}

/* Takes the SYNs that reach the server in turn: which passed, which were lost. */
static void read_turns(const struct path *path, uint16_t port, struct turn *own)
{
	const struct trace *t = path->trace;
	PATH_EACH_PROBE_TO(path, port, p)
	{
		if (!path_reaches(path, path_slot(t, p->ttl)))
			continue;
		bool lost, passed = flows_passed(path, p, &lost);
		if (!passed && !lost)
			continue;
		take_turn(own, p, lost);
	}
}

/* Flows by whether they fail, pass, or do both. */
static void count_flows(const struct flows *flows, struct ways *out)
{
	for (size_t i = 0; i < flows->n; i++) {
		const struct flow *flow = &flows->item[i];
		if (!flow->tries)
			continue;
		out->failing += flow_fails(flow);
		out->passing += flow_passes(flow);
		out->mixed += !flow_fails(flow) && !flow_passes(flow);
		out->passed += flow->passed;
		out->lost += (uint32_t)(flow->tries - flow->passed);
	}
}

/* The same, kept apart for the server itself and for the others. */
static void count_apart(const struct flows *flows, bool own, struct ways *out)
{
	uint32_t failing = 0, passing = 0, mixed = 0;
	for (size_t i = 0; i < flows->n; i++) {
		if (!flows->item[i].tries)
			continue;
		failing += flow_fails(&flows->item[i]);
		passing += flow_passes(&flows->item[i]);
		mixed += !flow_fails(&flows->item[i]) && !flow_passes(&flows->item[i]);
	}
	if (own)
		out->own_failing += failing;
	else if (passing + mixed) {
		out->other_failing += failing;
		out->other_passing += passing + mixed;
	}
}

struct port_bounds {
	uint16_t failing_low, failing_high, passing_low, passing_high;
};

static void bound(uint16_t port, uint16_t *low, uint16_t *high)
{
	*low = *low && *low < port ? *low : port;
	*high = *high > port ? *high : port;
}

static void bound_ports(const struct flows *flows, struct port_bounds *b)
{
	for (size_t i = 0; i < flows->n; i++) {
		const struct flow *flow = &flows->item[i];
		if (flow_fails(flow))
			bound(flow->src_port, &b->failing_low, &b->failing_high);
		else if (flow->tries)
			bound(flow->src_port, &b->passing_low, &b->passing_high);
	}
}

/* All failing source ports on one side of all passing ones. */
static void separate(const struct port_bounds *b, struct ways *out)
{
	bool apart = b->failing_high < b->passing_low || b->failing_low > b->passing_high;
	double chance = log(2.0) - stats_log_choose(out->passing + out->failing, out->failing);
	if (!apart || out->mixed || !out->passing || chance > log(PORTS_APART))
		return;
	out->low = b->failing_low;
	out->high = b->failing_high;
}

void ways_read(const struct scene *scene, uint32_t s, struct ways *out)
{
	struct port_bounds bounds = {0};
	struct flows flows;
	double by_server = 0;
	uint16_t port = scene->trace->servers[s].port;
	*out = (struct ways){0};
	OTHERS_EACH(o, scene, s, ALL_HERE)
	{
		struct turn own = {0};
		if (!has_flows(scene, o.server))
			continue;
		flows_read(&scene->paths[o.server], port, &flows);
		count_flows(&flows, out);
		count_apart(&flows, o.server == s, out);
		bound_ports(&flows, &bounds);
		read_turns(&scene->paths[o.server], port, &own);
		by_server += log_in_turn(&own);
	}
	out->share = failing_share(out);
	out->loss = common_loss(scene, s);
	OTHERS_EACH(o, scene, s, ALL_HERE)
	{
		if (!has_flows(scene, o.server))
			continue;
		flows_read(&scene->paths[o.server], port, &flows);
		for (size_t i = 0; i < flows.n; i++)
			weigh_flow(&flows.item[i], out->share, out->loss, out);
	}
	out->in_turn = exp(by_server);
	separate(&bounds, out);
}

/* The chance that a flow which fails would pass, were its SYNs not lost. */
static double bad_luck(const struct ways *ways, const struct flow *flow)
{
	double luck = (1.0 - ways->share) * pow(ways->loss, flow->tries);
	if (flow->refused)
		return 0.0;
	/* A longer way explains the silence of a limited SYN. */
	return flow->unsure ? 1.0 : luck / (luck + ways->share);
}

void ways_keep_sure(const struct ways *ways, struct flows *flows)
{
	size_t n = 0;
	for (size_t i = 0; i < flows->n; i++) {
		const struct flow *flow = &flows->item[i];
		if (!flow_fails(flow) || bad_luck(ways, flow) <= LUCK_DOUBT)
			flows->item[n++] = *flow;
	}
	flows->n = n;
}

bool ways_disagree_elsewhere(const struct scene *scene, uint32_t s)
{
	OTHERS_EACH(o, scene, s, OTHERS_PORT)
	{
		if (flows_disagree(&scene->paths[o.server]))
			return true;
	}
	return false;
}
