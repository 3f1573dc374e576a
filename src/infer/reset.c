/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/reset.h"
#include "base/stats.h"
#include "infer/flows.h"

#define WAYS_APART     2    /* hops by which balanced ways differ in length, mostly */
#define LOSSLESS_DOUBT 0.05 /* that a single SYN was lost where no other was */

static void add_reset(struct resets *all, const struct probe *p, const struct reply *r, bool nearer)
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

struct resets resets_gather(const struct scene *scene, uint32_t s)
{
	const struct path *path = &scene->paths[s];
	struct resets all = {.first = path->target.first_reset};
	PATH_EACH_PROBE(path, p)
	{
		/* Of what was not captured itself, the TTL is not known. */
		if (p->dst_port != path->target.port || p->implied)
			continue;
		int slot = path_slot(path->trace, p->ttl);
		bool nearer = slot > 0 && claim_server_beyond(scene, s, slot);
		PATH_EACH_REPLY(path->trace, p, r)
		{
			if (r->kind == REPLY_RESET && path_counts(path->trace, p, r))
				add_reset(&all, p, r, nearer);
		}
	}
	return all;
}

/* A sender that copies the trigger's TTL: arrival follows the trigger with slope one. */
static bool copies_ttl(const struct resets *all)
{
	return all->trigger_max - all->trigger_min >= 2 && all->drop_max - all->drop_min <= 1 &&
	       all->ttl_max - all->ttl_min >= 2;
}

int resets_router_back(const struct path *path, int hop)
{
	if (hop < 1 || hop > PATH_TTL_MAX)
		return -1;
	if (path->control.hop[hop].n)
		return claim_hops_back(path->control.hop[hop].ttl_back);
	if (path->target.hop[hop].n)
		return claim_hops_back(path->target.hop[hop].ttl_back);
	return -1;
}

/*
 * A filter behind hop F-1's TTL check and one before hop F's both answer first at TTL F. The way
 * back tells them apart: the former's answer travels as far as the expiries of hop F-1, the
 * latter's as far as those of hop F.
 */
static void narrow_by_way_back(struct claim *out, const struct path *path, const struct resets *all)
{
	int first = all->first;
	if (out->last_seen != first - 1 || all->ttl_min != all->ttl_max)
		return;
	int back = claim_hops_back((uint8_t)all->ttl_min);
	int before = first == 1 ? -1 : resets_router_back(path, first - 1);
	int after = resets_router_back(path, first);
	if (after < 0 && before == first - 2)
		after = first - 1;
	/* One of them alone says nothing: ways back have detours. */
	if (after < 0 || (before < 0 && first > 1))
		return;
	if (back == before && back != after)
		out->span.hi = line_out(first - 1);
	else if (back == after && back != before)
		out->span.lo = line_link(first - 1);
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
	return goes_on(path, first) || stats_silence(expired, sent, resets) > CLAIM_DOUBT;
}

/*
 * The last hop before the place. Where SYNs go no further an expiry is proof; where they may go on
 * beside the reset only resets that are missing tell, and some are lost: as many as of the others,
 * and of the controls' answers.
 */
static int hop_before(const struct scene *scene, uint32_t s, int first)
{
	const struct path *path = &scene->paths[s];
	const struct lane *target = &path->target;
	const struct outcome *controls = &scene_rate(scene, s)->control;
	bool on_path = may_go_on(path, first);
	uint32_t came = controls->reached - controls->late, sent = controls->sent, n = 0;
	int hop = first - 1;
	while (!on_path && hop > 0 && !target->at[hop].expired)
		hop--;
	for (int ttl = 0; ttl <= PATH_TTL_MAX; ttl = ttl ? ttl + 1 : first) {
		came += target->at[ttl].reset;
		sent += target->at[ttl].sent;
	}
	for (; on_path && hop > 0; hop--) {
		n += target->at[hop].sent;
		if (stats_silence(came, sent, n) <= (came == sent ? LOSSLESS_DOUBT : CLAIM_DOUBT))
			break;
	}
	return hop;
}

/* Resets that came from nearer than the server: whence, and how sure. */
static void place_nearer(const struct scene *scene, uint32_t s, const struct resets *all,
			 struct claim *out)
{
	const struct path *path = &scene->paths[s];
	out->on_path = goes_on(path, all->first);
	/* Some flows pass, and no SYN shows both: what passes tells nothing of those that fail. */
	bool by_flow = flows_disagree(path) && !path_reaching(path, &path->target).both;
	int near = by_flow ? 0 : hop_before(scene, s, all->first);
	out->mechanism = MECHANISM_TCP_RESET;
	out->sure = all->nearer >= 2 ? 0.975 : 0.8;
	out->placed = true;
	out->last_seen = near;
	out->first_missing = all->first;
	out->span = (struct span){
		.lo = near ? line_out(near) : line_link(0),
		.hi = out->on_path ? line_out(all->first) : line_in(all->first),
	};
	if (!by_flow)
		narrow_by_way_back(out, path, all);
	/* By a shorter one of several ways the server itself is met sooner than its control was. */
	if (path->distance && path->distance - all->first <= WAYS_APART &&
	    resets_same_way_back(path, all)) {
		out->first_missing = scene->roles[s].server_hop;
		out->span.hi = line_out(out->first_missing);
	}
}

bool rule_reset_nearer(const struct scene *scene, uint32_t s, struct claim *out)
{
	struct resets all = resets_gather(scene, s);
	if (scene->conducts[s] != CONDUCT_RESET || !all.first ||
	    !claim_server_beyond(scene, s, all.first))
		return false;
	place_nearer(scene, s, &all, out);
	out->state = STATE_BLOCKED;
	return true;
}

/* By the slope: a box at hop h lets the trigger lose h - 1 on its way there, and as many back. */
static bool place_copied(const struct scene *scene, uint32_t s, const struct resets *all,
			 struct claim *out)
{
	if (all->n < 2 || !copies_ttl(all))
		return false;
	int hop = all->drop_min / 2 + 1;
	int far = scene->roles[s].server_hop;
	out->mechanism = MECHANISM_TCP_RESET;
	out->sure = 0.97;
	out->placed = true;
	out->last_seen = hop - 1;
	out->first_missing = hop + 1;
	out->span = (struct span){
		.lo = hop > 1 ? line_out(hop - 1) : line_link(0),
		.hi = hop + 1 < far ? line_in(hop + 1) : line_out(far),
	};
	return true;
}

/* Some SYNs get through beside resets that are not the server's: it works now and then. */
bool rule_reset_sometimes(const struct scene *scene, uint32_t s, struct claim *out)
{
	if (scene->conducts[s] != CONDUCT_ANSWERS || !scene->paths[s].target.at[0].reset)
		return false;
	struct resets all = resets_gather(scene, s);
	out->state = STATE_DEGRADED;
	if (place_copied(scene, s, &all, out))
		return true;
	if (!all.first || !claim_server_beyond(scene, s, all.first))
		return false;
	place_nearer(scene, s, &all, out);
	return true;
}

bool rule_reset_copied_ttl(const struct scene *scene, uint32_t s, struct claim *out)
{
	if (scene->conducts[s] != CONDUCT_RESET)
		return false;
	struct resets all = resets_gather(scene, s);
	out->state = STATE_BLOCKED;
	return place_copied(scene, s, &all, out);
}

/*
 * A closed port answers with sequence number 0 and without options (RFC 9293, 3.10.7.1). A reset
 * with a SYN-ACK's number, window or options is the server's SYN-ACK, changed somewhere on its way
 * back.
 */
bool rule_reset_rewritten(const struct scene *scene, uint32_t s, struct claim *out)
{
	if (scene->conducts[s] != CONDUCT_RESET)
		return false;
	struct resets all = resets_gather(scene, s);
	int far = scene->roles[s].server_hop;
	/* A distance that losses made one too long is no nearer place. */
	bool own = all.ttl_min == scene->paths[s].control.synack_ttl && all.first + 1 == far;
	if (all.n < 2 || all.dressed < all.n ||
	    (all.first && !own && claim_server_beyond(scene, s, all.first)))
		return false;
	out->state = STATE_BLOCKED;
	out->mechanism = MECHANISM_TCP_RESET;
	out->sure = 0.97;
	out->placed = true;
	out->rewritten = true;
	out->first_missing = far;
	out->weight[far] = 1.0;
	out->span = (struct span){.lo = line_link(0), .hi = line_out(far), .way_back = true};
	return true;
}
