/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_COMPARE_PLACE_H
#define INFER_COMPARE_PLACE_H

/*
 * From two places of observation to the parties in between.
 */

#include "infer/compare/cross.h"

struct place {
	int lo, hi;    /* positions on the line of infer/line.h */
	bool way_back; /* the way back is not excluded, from back_lo on outwards */
	int back_lo;
	bool forward; /* what did not get a SYN through: those that expired bound it */
	double sure;  /* that the state is right */
	bool doubt;   /* the client's own evidence says another place */
};

/* The line behind a point and up to it; index -1: from the client on. */
int place_after(const struct cross *x, int point);
int place_before(const struct cross *x, int point);

/* Narrows the place by what the client's capture alone tells of the forward way. */
void place_narrow(struct place *place, const struct cross *x, const struct finding *f);

/*
 * Suspects, blocker, link and confidence of *j from the place. j->state and j->mechanism are set,
 * the rest is what the client's capture alone said.
 */
void place_judge(const struct place *place, const struct cross *x, const struct scene *scene,
		 struct arena *arena, struct judgement *j);

#endif
