/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where a router rejects. It has few answers, and each rejection takes one: once the place is
 * known from one server, others ask it nothing that would only be rejected again.
 */
#include "infer/ask/agenda.h"
#include "infer/way/hops.h"

#define HOP_TRIES 3 /* SYNs to the control at a hop beside the place */

static bool same_router(const struct asking *a, uint32_t s, uint32_t other)
{
	struct addr x = path_rejecter(&a->scene->paths[s]);
	struct addr y = path_rejecter(&a->scene->paths[other]);
	return a->scene->conducts[other] == CONDUCT_REJECTED && addr_is_set(&x) &&
	       addr_equal(&x, &y);
}

int ask_rejected_alike(const struct asking *a, uint32_t s)
{
	struct claim claim = {0};
	if (a->scene->conducts[s] != CONDUCT_REJECTED || !rule_rejected(a->scene, s, &claim) ||
	    claim.last_seen < 1)
		return 0;
	for (size_t i = 0; i < a->sweepers_n && a->sweepers[i] != s; i++) {
		if (same_router(a, s, a->sweepers[i]))
			return claim.last_seen;
	}
	return 0;
}

/* Whether a router shows itself at the hop, or may yet. */
static bool is_served(const struct path *path, int hop)
{
	struct addr addr = hops_addr(path, hop);
	return addr_is_set(&addr) || path->control.at[hop].pending;
}

static bool is_served_elsewhere(const struct asking *a, uint32_t s, int hop)
{
	for (size_t i = 0; i < a->sweepers_n; i++) {
		uint32_t other = a->sweepers[i];
		if (other != s && same_router(a, s, other) &&
		    is_served(&a->scene->paths[other], hop))
			return true;
	}
	return false;
}

void ask_beside_rejection(struct asking *a, uint32_t s)
{
	const struct path *path = &a->scene->paths[s];
	struct claim claim = {0};
	if (!rule_rejected(a->scene, s, &claim) || claim.last_seen == claim.first_missing)
		return;
	for (int hop = claim.last_seen; hop <= claim.first_missing && hop <= PATH_TTL_MAX; hop++) {
		unsigned tried = ask_tried(&path->control.at[hop]);
		/* Before the sweep, which would draw rejections beyond the place. */
		bool first = tried == 0 && hop == claim.last_seen && !ask_rejected_alike(a, s);
		if (hop == 0 || is_served(path, hop) || is_served_elsewhere(a, s, hop) ||
		    tried >= HOP_TRIES || (tried == 0 && !first))
			continue;
		ask_control(a, s, hop, first ? 1 : 3);
		if (first)
			return;
	}
}
