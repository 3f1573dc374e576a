/* SPDX-License-Identifier: BSD-2-Clause */
/* Resets whose sender copies the TTL of what it answers: they tell of its place by the difference.
 */
#include "infer/reset.h"

#define MISSED_LEAST 2 /* SYNs that expire no more where the control's do */

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

/* Where the SYNs expire and where they do no more; false: they go on everywhere. */
static bool by_expiries(const struct path *path, int far, struct span *out)
{
	const struct lane *target = &path->target;
	int near = target->last_expired, hop = near + 1;
	while (hop < far && hop <= PATH_TTL_MAX &&
	       !(path->control.at[hop].expired && target->at[hop].sent >= MISSED_LEAST))
		hop++;
	*out = (struct span){.lo = near ? line_out(near) : line_link(0), .hi = line_in(hop)};
	return target->at[0].synack == 0 && hop < far && hop <= PATH_TTL_MAX;
}

bool resets_place_copied(const struct scene *scene, uint32_t s, const struct resets *all,
			 struct claim *out)
{
	int far = scene->roles[s].server_hop;
	struct span sweep;
	if (all->n < 2 || !copies_ttl(all))
		return false;
	out->span = by_slope(&scene->paths[s], all, far);
	if (by_expiries(&scene->paths[s], far, &sweep)) {
		struct span both = span_meet(&out->span, &sweep);
		/* The way back that an expiry took need not be the reset's. */
		if (span_empty(&both))
			both = (struct span){
				.lo = sweep.lo < out->span.lo ? sweep.lo : out->span.lo,
				.hi = sweep.hi > out->span.hi ? sweep.hi : out->span.hi,
			};
		out->span = both;
	}
	out->mechanism = MECHANISM_TCP_RESET;
	out->sure = 0.97;
	out->placed = true;
	span_hops(&out->span, &out->last_seen, &out->first_missing);
	return true;
}
