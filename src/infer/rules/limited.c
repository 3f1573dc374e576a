/* SPDX-License-Identifier: BSD-2-Clause */
/* A port that answers now and then: limits, thresholds, one of several ways. */
#include "base/stats.h"
#include "infer/numbers.h"
#include "infer/rules/claim.h"
#include "infer/scene/others.h"
#include "infer/scene/ways.h"

/* What could reach the server; a TTL that a router let expire was too small for this port. */
static void add_lane(struct outcome *sum, const struct path *path, const struct lane *lane)
{
	struct outcome o = path_reaching(path, lane);
	uint32_t sent = o.sent > o.expired ? o.sent - o.expired : 0;
	/* Of SYNs on one flow some may have expired and others been answered. */
	sum->sent += sent > o.reached ? sent : o.reached;
	sum->reached += o.reached;
	sum->late += o.late;
}

/* The control without the answer that made it the control: the port under test was not chosen for
 * one. What somebody nearer answers did not travel the way. */
static void add_control(struct outcome *sum, const struct path *path)
{
	struct outcome own = {0};
	if (path->impostor)
		return;
	add_lane(&own, path, &path->control);
	bool chosen = own.reached > 0;
	sum->sent += own.sent - chosen;
	sum->reached += own.reached - chosen;
	sum->late += own.late > chosen ? own.late - chosen : 0;
}

/* How a port that answers fares beside its control, on one server or on all. */
struct beside {
	struct outcome target, control;
};

static struct beside beside_here(const struct path *path)
{
	struct beside both = {{0}, {0}};
	add_lane(&both.target, path, &path->target);
	add_control(&both.control, path);
	return both;
}

static struct beside beside_everywhere(const struct scene *scene, uint32_t s)
{
	struct beside both = {{0}, {0}};
	OTHERS_EACH(o, scene, s, OTHERS_PORT | OTHERS_ANSWER | OTHERS_AND_SELF)
	{
		const struct path *path = &scene->paths[o.server];
		add_lane(&both.target, path, &path->target);
		add_control(&both.control, path);
	}
	return both;
}

/* That the port's answers are so few by chance, or 1 where it hardly loses more than the control.
 */
static double chance_beside(uint32_t target, uint32_t sent, uint32_t control, uint32_t asked)
{
	uint64_t lost = (uint64_t)(sent - target) * asked;
	uint64_t usual = (uint64_t)(asked - control) * sent;
	return lost < LIMITED_SHARE * usual ? 1.0 : stats_fisher(target, sent, control, asked);
}

/* By what came at all, or by what came in time: an answer that is sent again hides a loss. */
static double chance_of(const struct beside *both)
{
	const struct outcome *t = &both->target, *c = &both->control;
	double by_all = chance_beside(t->reached, t->sent, c->reached, c->sent);
	double in_time = chance_beside((uint32_t)t->reached - t->late, t->sent,
				       (uint32_t)c->reached - c->late, c->sent);
	return in_time < by_all ? in_time : by_all;
}

static bool worse_by(const struct beside *both, double chance)
{
	unsigned lost = (unsigned)both->target.sent - both->target.reached + both->target.late;
	return both->target.reached > 0 && lost >= LIMITED_LOST && chance_of(both) <= chance;
}

/* Whether any other port that answers lost a SYN, on the way to any server: the control may have
 * been spared by luck. */
static bool way_loses(const struct scene *scene, uint32_t s)
{
	OTHERS_EACH(o, scene, s, OTHERS_AND_SELF)
	{
		const struct path *path = &scene->paths[o.server];
		for (size_t i = 1; i < path->ports_n && !path->impostor; i++) {
			const struct outcome *full = &path->ports[i].full;
			if (full->reached && full->reached < full->sent)
				return true;
		}
	}
	return false;
}

static bool worse(const struct scene *scene, uint32_t s, const struct beside *both)
{
	bool lossy = both->control.reached < both->control.sent;
	if (!worse_by(both, LIMITED_CHANCE))
		return false;
	return worse_by(both, LOSSY_CHANCE) || (!lossy && !way_loses(scene, s));
}

bool claim_limit_undecided(const struct scene *scene, uint32_t s)
{
	struct beside here = beside_here(&scene->paths[s]);
	struct beside everywhere = beside_everywhere(scene, s);
	return !worse(scene, s, &here) && !worse(scene, s, &everywhere) &&
	       chance_of(&everywhere) <= UNDECIDED_CHANCE;
}

static void claim_limit(const struct scene *scene, uint32_t s, struct claim *out)
{
	int far = scene->roles[s].server_hop;
	claim_say(out, STATE_DEGRADED, MECHANISM_RATE_LIMIT, SURE_LIMITED);
	out->placed = true;
	out->first_missing = far;
	out->weight[far] = 1.0;
	out->span = (struct span){.lo = line_link(0), .hi = line_out(far), .way_back = true};
}

/* The port answers elsewhere, but so rarely that a limit may well have taken all of these SYNs. */
static bool silent_by_limit(const struct scene *scene, uint32_t s)
{
	const struct path *path = &scene->paths[s];
	struct beside everywhere = beside_everywhere(scene, s);
	struct outcome own = path_reaching(path, &path->target);
	return worse(scene, s, &everywhere) &&
	       stats_silence(everywhere.target.reached, everywhere.target.sent, own.sent) >
		       LUCK_CHANCE;
}

bool rule_limited(const struct scene *scene, uint32_t s, struct claim *out)
{
	if (scene->conducts[s] == CONDUCT_SILENT && silent_by_limit(scene, s)) {
		claim_limit(scene, s, out);
		return true;
	}
	if (scene->conducts[s] != CONDUCT_ANSWERS)
		return false;
	struct beside here = beside_here(&scene->paths[s]);
	struct beside everywhere = beside_everywhere(scene, s);
	bool loses = here.target.reached - here.target.late < here.target.sent;
	if (worse(scene, s, &here) || (loses && worse(scene, s, &everywhere))) {
		claim_limit(scene, s, out);
		return true;
	}
	/* Runs of losses, or a limit: who says that it is open may be wrong, too. */
	return loses && worse_by(&everywhere, DOUBT_CHANCE);
}
