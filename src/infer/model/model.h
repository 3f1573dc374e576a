/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_MODEL_MODEL_H
#define INFER_MODEL_MODEL_H

/*
 * One generative model of who blocks: hypotheses as data, the chance of all that
 * was seen under each, and what follows. The door to this folder.
 */

#include "infer/model/verdict.h"

struct model_server {
	bool applies;  /* it was weighed: else this is for others to judge */
	bool left_out; /* one of too many */
	size_t group, way;
	struct judgement judgement; /* suspects have no texts */
};

struct model_result {
	struct model_server *servers; /* as scene.n */
	size_t servers_n;
	struct posterior *groups; /* one for each family and port under test */
	size_t groups_n;
	struct arena arena;
};

/*
 * Judges every server of the scene; `prior` NULL: prior_table. 0, or -1 when there is no memory;
 * free with model_free() in either case.
 */
int model_judge(const struct scene *scene, const struct prior *prior, struct model_result *out);
void model_free(struct model_result *result);

#endif
