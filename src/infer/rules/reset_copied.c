/* SPDX-License-Identifier: BSD-2-Clause */
/* Resets whose sender copies the TTL of what it answers: they tell of its place by the difference.
 */
#include "infer/numbers.h"
#include "infer/rules/reset.h"
#include "infer/rules/reset_series.h"
#include "infer/scene/rate.h"
#include "infer/way/hops.h"
#include "infer/way/parting.h"

/* Arrival follows the trigger with slope one. */
static bool copies_ttl(const struct reset_series *all)
{
	return all->trigger_max - all->trigger_min >= 2 && all->drop_max - all->drop_min <= 1 &&
	       all->ttl_max - all->ttl_min >= 2;
}

/* Whether a sender beside the hop's TTL check explains what the TTL lost there and back. */
static bool fits(const struct path *path, const struct reset_series *all, int hop)
{
	int back = hops_router_back(path, hop);
	if (back < 0)
		return hop == all->drop_min / 2 + 1;
	return hop - 1 + back <= all->drop_max && hop + back >= all->drop_min;
}

/*
 * By the slope: a box at hop h lets the trigger lose h - 1 or h on its way there, and the reset as
 * many on its way back as the hop's expiries.
 */
static struct span by_slope(const struct path *path, const struct reset_series *all, int far)
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
	return (struct span){.lo = line_behind(first - 1), .hi = line_before(last + 1, far)};
}

/* Where SYNs expire and where they do no more, as far as the control meets the same routers. */
struct ends {
	int near;    /* the last hop that saw a SYN to the port */
	int missing; /* the first behind it that answers the control and missed the port, 0: none */
};

/* The last hop that saw a SYN to the port, and the first that should have and did not. */
static struct ends ends_of(const struct scene *scene, uint32_t s)
{
	const struct path *path = &scene->paths[s];
	int far = scene->roles[s].server_hop;
	far = path->answered && path->answered < far ? path->answered : far;
	far = path->parting && path->parting < far ? path->parting : far;
	struct ends ends = {.near = rate_last_seen(scene, s, far)};
	/* Where SYNs pass beside the resets they end nowhere. */
	if (parting_unmet(path) || path->target.at[0].synack)
		return ends;
	for (int hop = ends.near + 1; hop < far && !ends.missing; hop++) {
		struct hop_pool pool = rate_pool(scene, s, hop);
		if (pool.control_answered && pool.target_sent)
			ends.missing = hop;
	}
	return ends;
}

static struct span span_of(const struct ends *ends)
{
	return (struct span){.lo = line_behind(ends->near), .hi = line_in(ends->missing)};
}

static bool is_sure(const struct scene *scene, uint32_t s, const struct ends *ends)
{
	return rate_hop_doubt(scene, s, ends->missing) <= RATE_PROVEN;
}

/*
 * Narrows the place by where the SYNs expire and where they do no more. The way back that an expiry
 * took need not be the reset's: where the two differ the place is in either.
 */
static void meet_expiries(const struct scene *scene, uint32_t s, struct span *span)
{
	struct ends ends = ends_of(scene, s);
	struct span own = span_of(&ends), both = span_meet(span, &own);
	if (!ends.missing)
		return;
	if (span_empty(&both))
		*span = (struct span){.lo = own.lo < span->lo ? own.lo : span->lo,
				      .hi = own.hi > span->hi ? own.hi : span->hi};
	else if (is_sure(scene, s, &ends))
		*span = both;
}

int resets_copied_unsure(const struct scene *scene, uint32_t s)
{
	struct reset_series all = resets_gather(scene, s);
	struct span slope = by_slope(&scene->paths[s], &all, scene->roles[s].server_hop);
	struct ends ends = ends_of(scene, s);
	struct span own = span_of(&ends), both = span_meet(&slope, &own);
	bool narrows = ends.missing && !span_empty(&both);
	return narrows && !is_sure(scene, s, &ends) ? ends.missing : 0;
}

bool resets_place_copied(const struct scene *scene, uint32_t s, const struct reset_series *all,
			 struct claim *out)
{
	int far = scene->roles[s].server_hop;
	if (all->n < 2 || !copies_ttl(all))
		return false;
	out->span = by_slope(&scene->paths[s], all, far);
	meet_expiries(scene, s, &out->span);
	out->mechanism = MECHANISM_TCP_RESET;
	out->sure = SURE_COPIED;
	out->placed = true;
	span_hops(&out->span, &out->last_seen, &out->first_missing);
	return true;
}
