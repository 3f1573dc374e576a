/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SIM_ALONE_H
#define SIM_ALONE_H

/*
 * What the model would say of a run in place of the rules.
 */

#include "infer/model/model.h"
#include "infer/vote/vote.h"

struct alone {
	bool counts; /* the model judges some server of the run */
	uint32_t speaker;
	struct judgement judgement; /* suspects have no texts */
};

/*
 * Judges the worse family of a trace by the model alone; `prior` NULL: the table's. 0, or -1 when
 * there is no memory.
 */
int alone_judge(const struct trace *t, const struct prior *prior, struct alone *out);

#endif
