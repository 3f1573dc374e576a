/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_SCENE_WAYS_H
#define INFER_SCENE_WAYS_H

/*
 * How the flows to a port fare, pooled over the servers that share it: does the flow decide
 * whether a SYN passes, or chance, or how many came before?
 */

#include "infer/numbers.h"
#include "infer/scene/scene.h"
#include "infer/way/flows.h"

/* How the flows of a server and of its likes fare. */
struct ways {
	uint32_t passing, failing;	       /* flows all of whose SYNs pass; none of whose do */
	uint32_t mixed;			       /* flows some of whose SYNs pass */
	uint32_t own_failing;		       /* of these, the server's own */
	uint32_t other_passing, other_failing; /* those of other servers where some pass */
	double fixed; /* natural logarithm of the odds that each flow fares alike, against chance */
	double apart; /* the same odds against nothing but what the controls lose as well */
	uint32_t passed, lost; /* SYNs */
	double loss, share;    /* of the SYNs that all lose, of the flows that fail */
	/* The chance that at each server all that pass come before all that fail; 1: they do not.
	 */
	double in_turn;
	uint16_t low, high; /* when source ports alone separate the flows: failing ones lie in
			       there; 0: they do not */
};

/* Whether a limit was used up: what passed came before what failed. */
static inline bool ways_used_up(const struct ways *ways)
{
	return ways->in_turn <= WAYS_ORDER;
}

/* Pooled over the servers of the family that answer on the same port, or are silent. */
void ways_read(const struct scene *scene, uint32_t s, struct ways *out);

/* Leaves out flows all of whose SYNs may have been lost by chance, so few were tried. */
void ways_keep_sure(const struct ways *ways, struct flows *flows);

/* Whether some SYNs to the same port of another server were accepted, and some were not. */
bool ways_disagree_elsewhere(const struct scene *scene, uint32_t s);

#endif
