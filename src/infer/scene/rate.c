/* SPDX-License-Identifier: BSD-2-Clause */
/* How SYNs fare, pooled over servers: at one hop, and at full TTL; what silence proves. */
#include "infer/scene/rate.h"
#include "base/stats.h"
#include "infer/numbers.h"
#include "infer/scene/others.h"
#include "infer/way/parting.h"
#include <math.h>

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

struct hop_pool rate_pool(const struct scene *scene, uint32_t s, int hop)
{
	struct hop_pool pool = {0};
	const struct path *own = &scene->paths[s];
	pool_add(&pool, own, hop);
	pool.target_expired = own->target.at[hop].expired > 0;
	/* With nobody known there, nobody is the same. */
	if (!own->control.hop[hop].n && !own->target.hop[hop].n)
		return pool;
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

const struct family_rate *rate_of(const struct scene *scene, uint32_t s)
{
	return &scene->rates[scene_family(scene, s) == 6];
}

bool rate_way_loses(const struct scene *scene, uint32_t s)
{
	const struct outcome *control = &rate_of(scene, s)->control;
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

void rate_count(struct scene *scene)
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

double rate_control_silence(const struct scene *scene, uint32_t s, uint32_t n)
{
	const struct path *path = &scene->paths[s];
	const struct outcome *all = &rate_of(scene, s)->control;
	struct outcome own = path_reaching(path, &path->control);
	/* A server with losses of its own is measured by these, not by the others' better luck. */
	if (in_time(&own) < own.sent)
		return stats_silence(in_time(&own), own.sent, n);
	return stats_silence(in_time(all), all->sent, n);
}

double rate_silence(const struct scene *scene, uint32_t s, uint32_t n)
{
	const struct outcome *target = &rate_of(scene, s)->target;
	double by_control = rate_control_silence(scene, s, n);
	double by_target = target->sent ? stats_silence(in_time(target), target->sent, n) : 0.0;
	return by_control > by_target ? by_control : by_target;
}

/*
 * Were the server at most so far away, it would have answered every control SYN with at least this
 * TTL: those below its measured distance that drew no answer of it prove that it is further away.
 * Where SYNs are lost on the way, the distance is itself what loss made of it, and more of them are
 * asked for.
 */
bool rate_server_beyond(const struct scene *scene, uint32_t s, int ttl)
{
	const struct path *path = &scene->paths[s];
	if (ttl < path->nearest)
		return true;
	if (path_ttl_void(path) || ttl > PATH_TTL_MAX || (path->distance && ttl >= path->distance))
		return false;
	if (path->control.at[ttl].reached)
		return false;
	uint32_t silent = path->control.at[ttl].sent;
	for (int more = ttl + 1; path->distance && more < path->distance; more++)
		silent += path->control.at[more].sent;
	double proven = rate_way_loses(scene, s) ? RATE_PROVEN / LOSSY_SURER : RATE_PROVEN;
	return rate_control_silence(scene, s, silent) <= proven;
}

/* Whether flows meet several routers up to a hop. */
static bool is_shared(const struct path *path, int ttl)
{
	for (int hop = 1; hop <= ttl; hop++) {
		const struct hop_addrs *c = &path->control.hop[hop], *t = &path->target.hop[hop];
		if (c->n > 1 || t->n > 1 || (c->n && t->n && !parting_share(c, t)))
			return true;
	}
	return false;
}

bool rate_ways_unlike(const struct scene *scene, uint32_t s, int ttl)
{
	const struct path *path = &scene->paths[s];
	const struct outcome *c = &path->control.at[ttl], *t = &path->target.at[ttl];
	return is_shared(path, ttl) && stats_silence(t->synack, t->sent, c->sent) > RATE_PROVEN;
}

/*
 * Where the port answers on other servers, near places are the less likely ones; and where SYNs to
 * the controls are lost, a hop's silence is asked about until it is surer, and each hop had its
 * chance to be the first that is silent by bad luck.
 */
double rate_boundary_doubt(const struct scene *scene, uint32_t s)
{
	const struct family_rate *rate = rate_of(scene, s);
	double doubt = rate->answering ? RATE_PROVEN / 2 : RATE_PROVEN;
	return rate_way_loses(scene, s) || rate->runs_short ? doubt / LOSSY_SURER : doubt;
}

int rate_last_seen(const struct scene *scene, uint32_t s, int far)
{
	int last = scene->paths[s].target.last_expired;
	for (int hop = last + 1; hop < far; hop++) {
		struct hop_pool pool = rate_pool(scene, s, hop);
		const struct outcome *own = &scene->paths[s].control.at[hop];
		double doubt = stats_silence(own->answered, own->sent,
					     scene->paths[s].target.at[hop].sent);
		if (pool.target_expired && doubt > RATE_PROVEN)
			last = hop;
	}
	return last;
}

double rate_way_silence(const struct scene *scene, uint32_t s, uint32_t n)
{
	uint32_t answered = 0, sent = 0;
	for (int hop = 1; hop < scene->roles[s].server_hop; hop++) {
		const struct outcome *o = &scene->paths[s].control.at[hop];
		answered += o->expired;
		sent += o->expired ? o->sent : 0;
	}
	return stats_silence(answered, sent, n);
}

double rate_hop_doubt(const struct scene *scene, uint32_t s, int hop)
{
	struct hop_pool pool = rate_pool(scene, s, hop);
	if (!pool.control_answered)
		return 1.0;
	double doubt = stats_silence(pool.control_answered, pool.control_sent, pool.target_sent);
	/* Where answers run short, one of a pair takes the other's: only the sign of each pair
	 * counts. */
	if (rate_of(scene, s)->runs_short || pool.control_answered < pool.control_sent) {
		uint32_t pairs = pool.control_answered < pool.target_sent ? pool.control_answered
									  : pool.target_sent;
		double sign = ldexp(1.0, -(int)pairs);
		doubt = sign > doubt ? sign : doubt;
	}
	/* Few SYNs at one hop may have been lucky where others were lost. */
	double way = rate_way_silence(scene, s, pool.target_sent);
	doubt = way > doubt ? way : doubt;
	return doubt < HOP_DOUBT_LEAST ? HOP_DOUBT_LEAST : doubt;
}
