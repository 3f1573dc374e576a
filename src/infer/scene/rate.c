/* SPDX-License-Identifier: BSD-2-Clause */
/* How SYNs fare, pooled over servers: at one hop, and at full TTL. */
#include "base/stats.h"
#include "infer/scene/others.h"
#include "infer/scene/scene.h"
#include "infer/way/parting.h"

/* Expiries missing by chance are as rare as this. */
#define SHORT_CHANCE 0.05

static void pool_add(struct hop_pool *pool, const struct path *path, int hop)
{
	const struct outcome *c = &path->control.at[hop];
	pool->control_sent += c->sent;
	pool->control_answered += c->answered;
	pool->target_sent += path->target.at[hop].sent;
}

/* Whether the port's SYN to another server expired at a router of this server's way: where ways
 * part by port, that one's router is another. */
static bool expired_here(const struct path *own, const struct path *other, int hop)
{
	const struct hop_addrs *routers = &other->target.hop[hop];
	return parting_share(routers, &own->control.hop[hop]) ||
	       parting_share(routers, &own->target.hop[hop]);
}

struct hop_pool scene_pool(const struct scene *scene, uint32_t s, int hop)
{
	struct hop_pool pool = {0};
	const struct path *own = &scene->paths[s];
	pool_add(&pool, own, hop);
	pool.target_expired = own->target.at[hop].expired > 0;
	OTHERS_EACH(o, scene, s, OTHERS_PORT | OTHERS_ALIKE)
	{
		const struct path *theirs = &scene->paths[o.server];
		if (!scene_same_hop(scene, s, o.server, hop))
			continue;
		pool_add(&pool, theirs, hop);
		pool.target_expired = pool.target_expired || expired_here(own, theirs, hop);
	}
	return pool;
}

/* Answers in time: the SYNs whose silence they explain had no longer either. */
static uint32_t in_time(const struct outcome *o)
{
	return o->reached - o->late;
}

static void add_rate(struct outcome *sum, const struct outcome *o)
{
	sum->sent += o->sent;
	sum->reached += o->reached;
	sum->late += o->late;
}

const struct family_rate *scene_rate(const struct scene *scene, uint32_t s)
{
	return &scene->rates[scene_family(scene, s) == 6];
}

bool scene_way_loses(const struct scene *scene, uint32_t s)
{
	const struct outcome *control = &scene_rate(scene, s)->control;
	return control->reached < control->sent;
}

/* Whether some server of the family saw a router answer the control at this hop. */
static bool answers_at(const struct scene *scene, uint32_t first, int hop)
{
	OTHERS_EACH(o, scene, first, OTHERS_AND_SELF)
	{
		if (scene->paths[o.server].control.hop[hop].n)
			return true;
	}
	return false;
}

/* Of the family whose first server this is. */
static bool runs_short(const struct scene *scene, uint32_t first, const struct outcome *full)
{
	uint32_t sent = 0, expired = 0;
	for (int hop = 1; first != TRACE_NONE && hop <= PATH_TTL_MAX; hop++) {
		if (!answers_at(scene, first, hop))
			continue;
		OTHERS_EACH(o, scene, first, OTHERS_AND_SELF)
		{
			const struct path *path = &scene->paths[o.server];
			if (hop >= path->distance)
				continue;
			sent += path->control.at[hop].sent;
			expired += path->control.at[hop].expired;
		}
	}
	return expired < sent &&
	       stats_fisher(expired, sent, full->reached, full->sent) <= SHORT_CHANCE;
}

void scene_count_rates(struct scene *scene)
{
	for (uint32_t s = 0; s < scene->n; s++) {
		struct family_rate *rate = &scene->rates[scene_family(scene, s) == 6];
		const struct path *path = &scene->paths[s];
		struct outcome c = path_reaching(path, &path->control);
		struct outcome t = path_reaching(path, &path->target);
		struct outcome others = path_other_ports(path);
		/* An address that is asked on several ports has one control for all. */
		if (path->control.port && scene->trace->servers[s].peer == s) {
			add_rate(&rate->control, &c);
			add_rate(&rate->control, &others);
		}
		if (scene->conducts[s] != CONDUCT_ANSWERS || !others_speaks(scene, s))
			continue;
		add_rate(&rate->target, &t);
		rate->answering++;
	}
	scene->rates[0].runs_short = runs_short(scene, scene->first[0], &scene->rates[0].control);
	scene->rates[1].runs_short = runs_short(scene, scene->first[1], &scene->rates[1].control);
}

double scene_control_silence(const struct scene *scene, uint32_t s, uint32_t n)
{
	const struct path *path = &scene->paths[s];
	const struct outcome *all = &scene_rate(scene, s)->control;
	struct outcome own = path_reaching(path, &path->control);
	/* A server with losses of its own is measured by these, not by the others' better luck. */
	if (in_time(&own) < own.sent)
		return stats_silence(in_time(&own), own.sent, n);
	return stats_silence(in_time(all), all->sent, n);
}

double scene_silence(const struct scene *scene, uint32_t s, uint32_t n)
{
	const struct outcome *target = &scene_rate(scene, s)->target;
	double by_control = scene_control_silence(scene, s, n);
	double by_target = target->sent ? stats_silence(in_time(target), target->sent, n) : 0.0;
	return by_control > by_target ? by_control : by_target;
}
