/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/rules/reset.h"
#include "infer/numbers.h"
#include "infer/rules/reset_series.h"
#include "infer/scene/rate.h"
#include "infer/way/hops.h"

bool rule_reset_nearer(const struct scene *scene, uint32_t s, struct claim *out)
{
	struct reset_series all = resets_gather(scene, s);
	if (scene->conducts[s] != CONDUCT_RESET || !all.first ||
	    !rate_server_beyond(scene, s, all.first))
		return false;
	resets_place_nearer(scene, s, &all, out);
	out->state = STATE_BLOCKED;
	return true;
}

/* Whether SYNs get through beside resets here, or may, as they do to other servers. */
static bool resets_not_all(const struct scene *scene, uint32_t s)
{
	return scene->conducts[s] == CONDUCT_RESET ? rule_flows_unlucky(scene, s)
						   : scene->conducts[s] == CONDUCT_ANSWERS;
}

/* Some SYNs get through beside resets that are not the server's: it works now and then. */
bool rule_reset_sometimes(const struct scene *scene, uint32_t s, struct claim *out)
{
	if (!scene->paths[s].target.at[0].reset || !resets_not_all(scene, s))
		return false;
	struct reset_series all = resets_gather(scene, s);
	out->state = STATE_DEGRADED;
	if (resets_place_copied(scene, s, &all, out))
		return true;
	if (!all.first || !rate_server_beyond(scene, s, all.first))
		return false;
	/* Who accepts before the server does is somebody else, and so is who resets there. */
	struct claim accepted = {0};
	if (rule_answered_nearer(scene, s, &accepted) &&
	    scene->paths[s].target.first_synack <= all.first)
		return false;
	resets_place_nearer(scene, s, &all, out);
	/* Flows that were followed one by one may tell more. */
	struct claim flows = {0};
	return !rule_path_dependent(scene, s, &flows) || flows.span.way_back ||
	       flows.span.hi - flows.span.lo >= out->span.hi - out->span.lo;
}

bool rule_reset_copied_ttl(const struct scene *scene, uint32_t s, struct claim *out)
{
	if (scene->conducts[s] != CONDUCT_RESET)
		return false;
	struct reset_series all = resets_gather(scene, s);
	out->state = STATE_BLOCKED;
	return resets_place_copied(scene, s, &all, out);
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
	struct reset_series all = resets_gather(scene, s);
	int far = scene->roles[s].server_hop;
	/* A distance that losses made too long is no nearer place. */
	int back = hops_back((uint8_t)all.ttl_min);
	bool own = all.ttl_min == scene->paths[s].control.synack_ttl &&
		   (all.first + 1 == far || all.first == back + 1);
	if (all.n < 2 || all.dressed < all.n ||
	    (all.first && !own && rate_server_beyond(scene, s, all.first)))
		return false;
	claim_say(out, STATE_BLOCKED, MECHANISM_TCP_RESET, SURE_REWRITTEN);
	out->placed = true;
	out->rewritten = true;
	out->first_missing = far;
	out->weight[far] = 1.0;
	out->span = (struct span){.lo = line_link(0), .hi = line_out(far), .way_back = true};
	return true;
}
