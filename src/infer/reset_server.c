/* SPDX-License-Identifier: BSD-2-Clause */
/* Resets from the server's own distance, or about there. */
#include "base/stats.h"
#include "infer/reset.h"

#define REFUSED_LEAST 2 /* one reset may be an accident */

/*
 * The nearest place that could have reset what first came about the server's distance: a router's
 * output just before it, or further inside where too few SYNs show that nothing was reset.
 */
static int nearest_source(const struct path *path, int first)
{
	const struct lane *target = &path->target;
	struct outcome rate = path_reaching(path, target);
	int hop = first - 1;
	while (hop > 0 && !target->at[hop].expired &&
	       (target->at[hop].reset ||
		stats_silence(rate.reset, rate.sent, target->at[hop].sent) > CLAIM_DOUBT))
		hop--;
	return hop;
}

/* Whether nobody but the server's side lies in the span. */
static bool remote_alone(const struct scene *scene, uint32_t s, const struct span *span)
{
	uint8_t owners = 0;
	for (int at = span->lo; at <= span->hi; at++)
		owners |= roles_at(&scene->roles[s], at);
	return owners == ROLE_REMOTE;
}

/* Resets that first come at the server's own distance, or about there, by whom: from `near` on. */
static void claim_at_server(const struct scene *scene, uint32_t s, bool own, int near,
			    struct claim *out)
{
	int far = scene->paths[s].distance;
	out->span = (struct span){
		.lo = own    ? line_in(far)
		      : near ? line_out(near)
			     : line_link(0),
		.hi = line_out(far),
	};
	bool closed = own || remote_alone(scene, s, &out->span);
	out->state = closed ? STATE_CLOSED : STATE_BLOCKED;
	out->mechanism = closed ? MECHANISM_CLOSED : MECHANISM_TCP_RESET;
	out->sure = own ? 0.97 : 0.9;
	out->placed = true;
	out->last_seen = own ? far : near;
	out->first_missing = far;
}

/* Whether the resets travelled as far as the control's SYN-ACKs. */
static bool same_way_back(const struct path *path, const struct resets *all)
{
	return path->control.synack_ttl >= 0 &&
	       claim_hops_back((uint8_t)all->ttl_min) ==
		       claim_hops_back((uint8_t)path->control.synack_ttl);
}

bool rule_reset_by_server(const struct scene *scene, uint32_t s, struct claim *out)
{
	const struct path *path = &scene->paths[s];
	struct resets all = resets_gather(scene, s);
	int far = path->distance;
	/* At the control's own distance, or nearer by what was not proven to be nearer. */
	if (scene->conducts[s] != CONDUCT_RESET || !far || all.first == 0 || all.first > far)
		return false;
	bool own = same_way_back(path, &all) && all.first == far;
	claim_at_server(scene, s, own, own ? far - 1 : nearest_source(path, all.first), out);
	return true;
}

/* The nearest place that could refuse now and then, so that a SYN that expires shows little. */
static int nearest_sometimes(const struct path *path)
{
	const struct lane *target = &path->target;
	struct outcome rate = path_reaching(path, target);
	int hop = path->distance - 1;
	uint32_t spared = 0;
	for (; hop > 0; hop--) {
		spared += target->at[hop].sent;
		if (stats_silence(rate.reset, rate.sent, spared) <= CLAIM_DOUBT)
			break;
	}
	return hop;
}

/* One SYN is accepted, the next is refused: servers behind one address that differ, mostly. */
bool rule_refused_sometimes(const struct scene *scene, uint32_t s, struct claim *out)
{
	const struct path *path = &scene->paths[s];
	if (scene->conducts[s] != CONDUCT_ANSWERS || path->target.at[0].reset < REFUSED_LEAST)
		return false;
	struct resets all = resets_gather(scene, s);
	int far = path->distance;
	if (!far || (all.first && all.first < far))
		return false;
	/* A box that copies the SYN's TTL could be anywhere: its resets die on their way back. */
	bool copies = all.trigger_max - all.trigger_min < 2 || all.ttl_max - all.ttl_min > 1;
	int near = copies ? 0 : nearest_sometimes(path);
	bool own = !copies && same_way_back(path, &all) && near == far - 1;
	claim_at_server(scene, s, own, near, out);
	out->state = STATE_DEGRADED;
	return true;
}
