/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_VOTE_SHADOW_H
#define INFER_VOTE_SHADOW_H

/*
 * What the model would say in place of the rules. Nothing of a result comes from
 * here: it is compared with the rules until it is known to be as right.
 */

#include "infer/model/model.h"
#include "infer/vote/vote.h"

struct shadow {
	bool counts; /* the model judges some server of the run */
	uint32_t speaker;
	struct judgement judgement; /* suspects have no texts */
};

/*
 * Judges the worse family of a trace by the model alone; `prior` NULL: the table's. 0, or -1 when
 * there is no memory.
 */
int shadow_judge(const struct trace *t, const struct prior *prior, struct shadow *out);

#endif
