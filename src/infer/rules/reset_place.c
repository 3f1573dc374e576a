/* SPDX-License-Identifier: BSD-2-Clause */
/* The place of resets that come from nearer than the server. */
#include "base/stats.h"
#include "infer/numbers.h"
#include "infer/rules/reset.h"
#include "infer/rules/reset_series.h"
#include "infer/scene/others.h"
#include "infer/scene/rate.h"
#include "infer/way/flows.h"
#include "infer/way/hops.h"
#include "infer/way/parting.h"

/* How often a SYN that may meet the sender of the resets draws one. */
struct share {
	uint32_t resets, sent;
	uint32_t spared; /* it drew something else alone */
};

/*
 * Hops on the way back from a router, -1: unknown. What took none comes from a neighbour, also
 * where the gateway does not show itself.
 */
static int router_back(const struct path *path, const struct reset_series *all, int hop)
{
	int back = hops_router_back(path, hop);
	bool adjacent = hops_back((uint8_t)all->ttl_min) == 0 && hops_server_back(path) > 0;
	return back < 0 && hop == 1 && adjacent ? 0 : back;
}

/* Whether SYNs expire beside or beyond the first place of resets: they go on. */
static bool goes_on(const struct path *path, int first)
{
	return path->target.last_expired >= first;
}

/* Whether that may be so: the expiries beside the resets are missing, but losses explain it. */
static bool may_go_on(const struct path *path, int first)
{
	uint32_t expired = 0, sent = 0, resets = 0;
	for (int hop = first; hop <= PATH_TTL_MAX && (!path->distance || hop < path->distance);
	     hop++) {
		const struct outcome *control = &path->control.at[hop];
		if (!control->expired)
			continue;
		expired += control->expired;
		sent += control->sent;
		resets += path->target.at[hop].reset;
	}
	return goes_on(path, first) || stats_silence(expired, sent, resets) > RATE_PROVEN;
}

/* Whether the sender that resets this server's SYNs at `first` would meet the other's as well. */
static bool shares_sender(const struct scene *scene, uint32_t s, uint32_t other, int first)
{
	const struct lane *lane = &scene->paths[other].target;
	bool resets = lane->first_reset >= first || (!lane->first_reset && lane->at[0].reset);
	return other == s ||
	       (resets && (scene_same_hop(scene, s, other, first) ||
			   (first > 1 && scene_same_hop(scene, s, other, first - 1))));
}

static void add_share(struct share *sum, const struct lane *lane, int first)
{
	for (int ttl = 0; ttl <= PATH_TTL_MAX; ttl = ttl ? ttl + 1 : first) {
		const struct outcome *o = &lane->at[ttl];
		sum->resets += o->reset;
		sum->sent += o->sent;
		sum->spared += o->answered > o->reset ? o->answered - o->reset : 0;
	}
}

static struct share share_of(const struct scene *scene, uint32_t s, int first)
{
	struct share sum = {0};
	OTHERS_EACH(o, scene, s, OTHERS_PORT | OTHERS_AND_SELF)
	{
		if (shares_sender(scene, s, o.server, first))
			add_share(&sum, &scene->paths[o.server].target, first);
	}
	return sum;
}

/* SYNs that the sender spared at the hop, of all servers whose SYNs meet him. */
static uint32_t asked_at(const struct scene *scene, uint32_t s, int first, int hop)
{
	uint32_t sent = 0;
	OTHERS_EACH(o, scene, s, OTHERS_PORT | OTHERS_AND_SELF)
	{
		bool here = o.server == s || scene_same_hop(scene, s, o.server, hop);
		if (here && shares_sender(scene, s, o.server, first))
			sent += resets_spared(&scene->paths[o.server].target, hop);
	}
	return sent;
}

/*
 * The last hop before the place where the sender spares some SYNs: an expiry shows that one got
 * there, and no more than that. Resets that are missing tell, by how often they are missing where
 * the sender is met.
 */
static int hop_before_chance(const struct scene *scene, uint32_t s, int first,
			     const struct share *share)
{
	int hop = first - 1;
	uint32_t n = 0;
	for (; hop > 0; hop--) {
		n += asked_at(scene, s, first, hop);
		if (stats_silence(share->resets, share->sent, n) <= SPARED_DOUBT)
			break;
	}
	return hop;
}

/*
 * The last hop before the place. Where SYNs go no further an expiry is proof; where they may go on
 * beside the reset only resets that are missing tell, and some are lost: as many as of the others,
 * and of the controls' answers.
 */
static int hop_before(const struct scene *scene, uint32_t s, int first, bool on_path)
{
	const struct lane *target = &scene->paths[s].target;
	const struct outcome *controls = &rate_of(scene, s)->control;
	uint32_t came = controls->reached - controls->late, sent = controls->sent, n = 0;
	int hop = first - 1;
	while (!on_path && hop > 0 && !target->at[hop].expired)
		hop--;
	for (int ttl = 0; ttl <= PATH_TTL_MAX; ttl = ttl ? ttl + 1 : first) {
		came += target->at[ttl].reset;
		sent += target->at[ttl].sent;
	}
	for (; on_path && hop > 0; hop--) {
		n += resets_spared(target, hop);
		if (stats_silence(came, sent, n) <= (came == sent ? LOSSLESS_DOUBT : RATE_PROVEN))
			break;
	}
	return hop;
}

/*
 * A filter behind hop F-1's TTL check and one before hop F's both answer first at TTL F. The way
 * back tells them apart: the former's answer travels as far as the expiries of hop F-1, the
 * latter's as far as those of hop F. So the ends of the place that a longer or shorter way back
 * belies are cut off, if one of its hops fits.
 */
static void narrow_by_way_back(struct claim *out, const struct path *path,
			       const struct reset_series *all)
{
	int first = all->first, start = out->last_seen ? out->last_seen : 1;
	int back[PATH_TTL_MAX + 1], near = start, far = first;
	int own = hops_back((uint8_t)all->ttl_min);
	bool fits = false;
	/* Where ways differ in length the hops of several stand side by side. */
	bool mingled = out->last_seen != first - 1 && parting_is_uneven(path);
	if (all->ttl_min != all->ttl_max || first > PATH_TTL_MAX || mingled)
		return;
	for (int hop = start; hop <= first; hop++) {
		back[hop] = router_back(path, all, hop);
		if (back[hop] < 0 && hop == first && hop > start &&
		    hops_router_back(path, hop - 1) == hop - 2)
			back[hop] = hop - 1;
		fits = fits || back[hop] == own;
	}
	if (!fits)
		return;
	while (far > start && back[far] >= 0 && back[far] != own)
		far--;
	while (near < far && back[near] >= 0 && back[near] != own)
		near++;
	if (far < first)
		out->span.hi = line_out(far);
	if (near > start)
		out->span.lo = line_link(near - 1);
}

/* Whether one flow's SYNs are now accepted and now refused: the flow does not decide. */
static bool flow_is_mixed(const struct path *path)
{
	struct flows flows;
	flows_read(path, path->target.port, &flows);
	for (size_t i = 0; i < flows.n; i++) {
		if (flows.item[i].passed && flows.item[i].refused)
			return true;
	}
	return false;
}

/* Some flows pass, and nothing but the flow may decide it: what passes tells nothing of others. */
static bool flow_may_decide(const struct path *path)
{
	struct outcome o = path_reaching(path, &path->target);
	return flows_disagree(path) && o.both < o.synack && !flow_is_mixed(path);
}

/*
 * The last hop before the place where the flow may decide. SYNs of other flows that draw no reset
 * are proof of nothing by themselves; that the resets' way back fits there, and no nearer, is a
 * second sign.
 */
static int hop_before_flows(const struct scene *scene, uint32_t s, const struct reset_series *all,
			    const struct share *share)
{
	const struct path *path = &scene->paths[s];
	int own = hops_back((uint8_t)all->ttl_min), fit = 1;
	int near = hop_before_chance(scene, s, all->first, share);
	while (fit <= all->first && router_back(path, all, fit) != own)
		fit++;
	return all->ttl_min == all->ttl_max && fit >= near && fit <= all->first ? near : 0;
}

void resets_place_nearer(const struct scene *scene, uint32_t s, const struct reset_series *all,
			 struct claim *out)
{
	const struct path *path = &scene->paths[s];
	struct share share = share_of(scene, s, all->first);
	bool by_flow = flow_may_decide(path), on_path = may_go_on(path, all->first);
	bool chance = share.spared > 0 && on_path;
	int near = by_flow  ? hop_before_flows(scene, s, all, &share)
		   : chance ? hop_before_chance(scene, s, all->first, &share)
			    : hop_before(scene, s, all->first, on_path);
	out->on_path = goes_on(path, all->first);
	out->mechanism = MECHANISM_TCP_RESET;
	out->sure = all->nearer >= TELLS_LEAST ? SURE_RESET_AGAIN : SURE_RESET_ONCE;
	out->placed = true;
	out->last_seen = near;
	out->first_missing = all->first;
	out->span = (struct span){
		.lo = line_behind(near),
		.hi = out->on_path ? line_out(all->first) : line_in(all->first),
	};
	if (!by_flow || near)
		narrow_by_way_back(out, path, all);
	/*
	 * By a shorter one of several ways the server itself is met sooner than its control was;
	 * and where the control never showed the port's last router the port may have a way of its
	 * own.
	 */
	bool as_far = hops_server_as_far(path, hops_back((uint8_t)all->ttl_min)) ||
		      hops_server_as_far(path, hops_back((uint8_t)all->ttl_max));
	bool sooner = path->distance && path->distance - all->first <= TOLERANCE_HOPS && as_far;
	if (sooner || parting_unmet(path)) {
		out->first_missing = scene->roles[s].server_hop;
		out->span.hi = line_out(out->first_missing);
	}
}
