/* SPDX-License-Identifier: BSD-2-Clause */
/* A port that answers now and then: limits, thresholds, one of several ways. */
#include "base/stats.h"
#include "infer/claim.h"
#include "infer/flows.h"

/* The port fares worse than the control by more than chance allows; with so many SYNs lost at
 * least. */
#define LIMITED_CHANCE 0.001
#define LOSSY_CHANCE   0.0001 /* the same on a way that loses controls too: losses come in runs */
#define LIMITED_LOST   3
#define USED_LEAST     3 /* SYNs that passed before */

static void add(struct outcome *sum, const struct outcome *o)
{
	sum->sent += o->sent;
	sum->reached += o->reached;
}

/* Without the answer that made it the control: the port under test was not chosen for one. */
static struct outcome unchosen(const struct outcome *control)
{
	struct outcome rest = *control;
	bool chosen = rest.reached > 0;
	rest.sent -= chosen;
	rest.reached -= chosen;
	return rest;
}

/* Only SYNs with unlimited TTL: what real clients send. */
static bool worse(const struct outcome *target, const struct outcome *control)
{
	unsigned lost = (unsigned)target->sent - target->reached;
	double most = control->reached < control->sent ? LOSSY_CHANCE : LIMITED_CHANCE;
	return target->reached > 0 && lost >= LIMITED_LOST &&
	       stats_fisher(target->reached, target->sent, control->reached, control->sent) <= most;
}

static void claim_limit(const struct scene *scene, uint32_t s, struct claim *out)
{
	int far = scene->roles[s].server_hop;
	out->state = STATE_DEGRADED;
	out->mechanism = MECHANISM_RATE_LIMIT;
	out->sure = 0.95;
	out->placed = true;
	out->first_missing = far;
	out->weight[far] = 1.0;
	out->span = (struct span){.lo = line_link(0), .hi = line_out(far), .way_back = true};
}

/* The servers share a limit: the first ones asked had all of it. */
static bool used_up_elsewhere(const struct scene *scene, uint32_t s)
{
	struct ways ways;
	ways_read(scene, s, &ways);
	return ways.passed >= USED_LEAST && ways.in_turn <= WAYS_ORDER;
}

bool rule_limited(const struct scene *scene, uint32_t s, struct claim *out)
{
	if (scene->conducts[s] == CONDUCT_SILENT && used_up_elsewhere(scene, s)) {
		claim_limit(scene, s, out);
		return true;
	}
	if (scene->conducts[s] != CONDUCT_ANSWERS)
		return false;
	const struct outcome *own = &scene->paths[s].target.at[0];
	struct outcome target = {0}, control = {0};
	for (uint32_t other = 0; other < scene->n; other++) {
		const struct path *path = &scene->paths[other];
		if (scene->conducts[other] != CONDUCT_ANSWERS || target.sent > UINT16_MAX / 2 ||
		    scene_family(scene, other) != scene_family(scene, s))
			continue;
		add(&target, &path->target.at[0]);
		struct outcome rest = unchosen(&path->control.at[0]);
		add(&control, &rest);
	}
	bool here = worse(own, &scene->paths[s].control.at[0]);
	bool everywhere = own->reached < own->sent && worse(&target, &control);
	if (!here && !everywhere)
		return false;
	claim_limit(scene, s, out);
	return true;
}
