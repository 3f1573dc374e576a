/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_VOTE_SUSPECTS_H
#define INFER_VOTE_SUSPECTS_H

/*
 * From places to parties: every segment that the span touches is a suspect, as
 * likely as the likeliest of its places. Segments have equal priors.
 */

#include "infer/vote/company.h"

/*
 * State, blocker, mechanism, suspects, confidence and link from server s's claim in the company of
 * the others. Texts are made in the arena.
 */
struct judgement suspects_judge(const struct scene *scene, uint32_t s, const struct claim *claim,
				const struct company *company, struct arena *arena);

/* Blames anybody but this host alike, at no place. */
void suspects_anybody(struct judgement *j, struct arena *arena);

#endif
