/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_VOTE_DOUBT_H
#define INFER_VOTE_DOUBT_H

/*
 * What the model has against an accusation: rules see one sign at a time, the model weighs all
 * answers of all servers at once. Where both differ about who blocks, nobody is named.
 */

#include "infer/vote/company.h"

/* An accusation that was taken back. */
struct doubt {
	enum blocker accused; /* BLOCKER_NONE: none was */
	double probability;   /* that the model leaves to it */
};

/*
 * Takes back the name in server s's judgement that the model finds too unlikely: what either of
 * both suspects stays suspect, and the place covers both. `sure`: how likely the state is right.
 * Texts are made in the arena.
 */
struct doubt doubt_name(const struct votes *v, uint32_t s, double sure, struct judgement *j,
			struct arena *arena);

#endif
