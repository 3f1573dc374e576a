/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_MODEL_POSTERIOR_H
#define INFER_MODEL_POSTERIOR_H

/*
 * Prior times likelihood of all SYNs of all servers at once, summed over the
 * run's loss: how probable each rule at each position is for each server.
 */

#include "infer/model/forward.h"
#include "infer/model/place.h"

/* The servers of one family whose port under test is the same. */
struct posterior {
	const struct prior *prior;
	const struct scene *scene;
	struct way *ways;
	size_t n;
	struct places places;
	struct hypothesis hypotheses[HYPOTHESES_MAX];
	int hypotheses_n;
	/* Probabilities, by way: nobody, no rule that is known, and [rule * (last + 1) + x]; `own`
	 * is the part of the latter that this server alone meets. */
	struct belief {
		double nobody, something_else;
		double *rule, *own;
	} * beliefs;
	double loss[PRIOR_LOSSES]; /* probability of each point of the grid */
	struct arena arena;
};

/* The posterior of the ways (their memory is the caller's). 0, or -1 when there is no memory; free
 * with posterior_free() in either case. */
int posterior_make(const struct prior *prior, const struct scene *scene, struct way *ways, size_t n,
		   struct posterior *out);
void posterior_free(struct posterior *post);

/* The probability of a rule at a position. */
static inline double posterior_at(const struct posterior *post, size_t way, int rule, int position)
{
	int stride = way_last(&post->ways[way]) + 1;
	return post->beliefs[way].rule[rule * stride + position];
}

/* The probability that it is, and by a party. */
double posterior_by(const struct posterior *post, size_t way, int rule, int position,
		    enum segment party);

#endif
