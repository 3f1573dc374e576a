/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_RULES_WAY_PLACE_H
#define INFER_RULES_WAY_PLACE_H

/*
 * Where flows that always fail are lost, while others to the same port pass.
 * The control's flows spread over all the ways, so they show whether every way
 * has a router that answers at a hop.
 */

#include "infer/rules/claim.h"
#include "infer/scene/ways.h"

/* One hop as failing flows and the control's flows find it. */
struct way_hop {
	uint32_t control, control_expired; /* flows */
	uint32_t silent, refused;	   /* SYNs of failing flows */
	uint32_t expired;		   /* failing flows */
	bool complete;			   /* on whatever way, a router answers there */
	bool missed;			   /* the failing flows provably end before its TTL check */
};

void way_hop_read(const struct scene *scene, uint32_t s, int hop, const struct ways *ways,
		  struct way_hop *out);

struct way_place {
	int near;	   /* the last hop that all failing flows reach */
	int first_missing; /* the first that they provably do not; the server's when none */
	struct addr
		member; /* the router at `near` of the failing flows, none: unknown or several */
	uint32_t failing_through, passing_through; /* flows through the member */
	uint32_t passing_beside;		   /* passing flows through another one there */
};

/* False while no flow was traced that surely fails. */
bool way_place_find(const struct scene *scene, uint32_t s, const struct ways *ways,
		    struct way_place *out);

/* Whether the flow decides: many fail, many pass, and each again as before. */
bool way_decides(const struct ways *ways);

#endif
