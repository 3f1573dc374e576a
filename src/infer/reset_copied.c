/* SPDX-License-Identifier: BSD-2-Clause */
/* Resets whose sender copies the TTL of what it answers: they tell of its place by the difference.
 */
#include "base/stats.h"
#include "infer/reset.h"

/* Arrival follows the trigger with slope one. */
static bool copies_ttl(const struct resets *all)
{
	return all->trigger_max - all->trigger_min >= 2 && all->drop_max - all->drop_min <= 1 &&
	       all->ttl_max - all->ttl_min >= 2;
}

/* Whether a sender beside the hop's TTL check explains what the TTL lost there and back. */
static bool fits(const struct path *path, const struct resets *all, int hop)
{
	int back = resets_router_back(path, hop);
	if (back < 0)
		return hop == all->drop_min / 2 + 1;
	return hop - 1 + back <= all->drop_max && hop + back >= all->drop_min;
}

/*
 * By the slope: a box at hop h lets the trigger lose h - 1 or h on its way there, and the reset as
 * many on its way back as the hop's expiries.
 */
static struct span by_slope(const struct path *path, const struct resets *all, int far)
{
	int first = 0, last = 0;
	for (int hop = 1; hop < far && hop <= PATH_TTL_MAX; hop++) {
		if (!fits(path, all, hop))
			continue;
		first = first ? first : hop;
		last = hop;
	}
	if (!first)
		first = last = all->drop_min / 2 + 1;
	return (struct span){
		.lo = first > 1 ? line_out(first - 1) : line_link(0),
		.hi = last + 1 < far ? line_in(last + 1) : line_out(far),
	};
}

/* The last hop at which SYNs to the port expire: this server's, or others' at the same router. */
static int last_expiry(const struct scene *scene, uint32_t s, int far)
{
	int near = scene->paths[s].target.last_expired;
	for (int hop = near + 1; hop < far && hop <= PATH_TTL_MAX; hop++)
		near = scene_pool(scene, s, hop).target_expired ? hop : near;
	return near;
}

/* The first hop behind that where a router answers the control and misses the port, 0: none. */
static int first_missing(const struct scene *scene, uint32_t s, int near)
{
	int far = scene->roles[s].server_hop;
	for (int hop = near + 1; hop < far && hop <= PATH_TTL_MAX; hop++) {
		struct hop_pool pool = scene_pool(scene, s, hop);
		if (pool.control_answered && pool.target_sent)
			return hop;
	}
	return 0;
}

/* Whether it is more than one that answers now and then. */
static bool surely_missing(const struct scene *scene, uint32_t s, int hop)
{
	struct hop_pool pool = scene_pool(scene, s, hop);
	return stats_silence(pool.control_answered, pool.control_sent, pool.target_sent) <=
	       CLAIM_DOUBT;
}

/*
 * Narrows the place by where the SYNs expire and where they do no more. The way back that an expiry
 * took need not be the reset's: where the two differ the place is in either.
 */
static void meet_expiries(const struct scene *scene, uint32_t s, struct span *span)
{
	int near = last_expiry(scene, s, scene->roles[s].server_hop);
	int hop = first_missing(scene, s, near);
	struct span ends = {.lo = near ? line_out(near) : line_link(0), .hi = line_in(hop)};
	struct span both = span_meet(span, &ends);
	if (!hop || scene->paths[s].target.at[0].synack)
		return;
	if (span_empty(&both))
		*span = (struct span){.lo = ends.lo < span->lo ? ends.lo : span->lo,
				      .hi = ends.hi > span->hi ? ends.hi : span->hi};
	else if (surely_missing(scene, s, hop))
		*span = both;
}

int resets_copied_unsure(const struct scene *scene, uint32_t s)
{
	int near = last_expiry(scene, s, scene->roles[s].server_hop);
	int hop = first_missing(scene, s, near);
	return hop && !surely_missing(scene, s, hop) ? hop : 0;
}

bool resets_place_copied(const struct scene *scene, uint32_t s, const struct resets *all,
			 struct claim *out)
{
	int far = scene->roles[s].server_hop;
	if (all->n < 2 || !copies_ttl(all))
		return false;
	out->span = by_slope(&scene->paths[s], all, far);
	meet_expiries(scene, s, &out->span);
	out->mechanism = MECHANISM_TCP_RESET;
	out->sure = 0.97;
	out->placed = true;
	span_hops(&out->span, &out->last_seen, &out->first_missing);
	return true;
}
