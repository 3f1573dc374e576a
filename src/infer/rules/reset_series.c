/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/rules/reset_series.h"
#include "base/stats.h"
#include "infer/numbers.h"
#include "infer/scene/rate.h"
#include "infer/way/hops.h"

/* Counts one reset: its TTL, how far it fell, and the TTL that drew it. */
static void add_reset(struct reset_series *all, const struct probe *p, const struct reply *r,
		      bool nearer)
{
	int ttl = r->ttl, drop = p->ttl - r->ttl;
	bool first = all->n++ == 0;
	all->nearer += nearer;
	all->dressed += r->options_len > 0 || (r->seq != 0 && r->window != 0);
	all->ttl_min = first || ttl < all->ttl_min ? ttl : all->ttl_min;
	all->ttl_max = first || ttl > all->ttl_max ? ttl : all->ttl_max;
	all->drop_min = first || drop < all->drop_min ? drop : all->drop_min;
	all->drop_max = first || drop > all->drop_max ? drop : all->drop_max;
	all->trigger_min = first || p->ttl < all->trigger_min ? p->ttl : all->trigger_min;
	all->trigger_max = first || p->ttl > all->trigger_max ? p->ttl : all->trigger_max;
}

struct reset_series resets_gather(const struct scene *scene, uint32_t s)
{
	const struct path *path = &scene->paths[s];
	struct reset_series all = {.first = path->target.first_reset};
	PATH_EACH_PROBE_TO(path, path->target.port, p)
	{
		/* Of what was not captured itself, the TTL is not known. */
		if (p->implied)
			continue;
		int slot = path_slot(path->trace, p->ttl);
		bool nearer = slot > 0 && rate_server_beyond(scene, s, slot);
		PATH_EACH_REPLY(path->trace, p, r)
		{
			if (r->kind == REPLY_RESET && path_counts(path->trace, p, r))
				add_reset(&all, p, r, nearer);
		}
	}
	return all;
}

bool resets_same_way_back(const struct path *path, const struct reset_series *all)
{
	return hops_back((uint8_t)all->ttl_min) == hops_server_back(path);
}

bool resets_come_short(const struct path *path, const struct reset_series *all)
{
	return all->ttl_min == all->ttl_max &&
	       hops_server_back(path) - hops_back((uint8_t)all->ttl_min) > TOLERANCE_HOPS;
}

int resets_short_way(const struct path *path, const struct reset_series *all, int hop)
{
	int back = hops_back((uint8_t)all->ttl_min);
	return resets_come_short(path, all) && back < hop ? back : hop;
}

double resets_spared_doubt(const struct scene *scene, uint32_t s, uint32_t spared)
{
	const struct path *path = &scene->paths[s];
	struct outcome rate = path_reaching(path, &path->target);
	double by_resets = stats_silence(rate.reset, rate.sent, spared);
	double by_control = rate_control_silence(scene, s, spared);
	return by_resets > by_control ? by_resets : by_control;
}

/*
 * A router's output just before the first reset, or further inside where too few SYNs show that
 * nothing was reset, or where the resets' short way back belies the sweep.
 */
int resets_nearest_source(const struct scene *scene, uint32_t s, const struct reset_series *all)
{
	const struct path *path = &scene->paths[s];
	const struct lane *target = &path->target;
	uint32_t spared = 0;
	int hop = all->first - 1;
	for (; hop > 0 && target->at[hop].expired <= target->at[hop].unproven; hop--) {
		spared += resets_spared(target, hop);
		if (!target->at[hop].reset && resets_spared_doubt(scene, s, spared) <= RATE_PROVEN)
			break;
	}
	return resets_short_way(path, all, hop);
}
