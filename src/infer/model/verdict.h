/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_MODEL_VERDICT_H
#define INFER_MODEL_VERDICT_H

/*
 * What the posterior says of one server in a result's words: state, party,
 * suspects, mechanism, place, confidence.
 */

#include "infer/model/posterior.h"

/* Probabilities by state, of parties given that somebody blocks, and of deeds. */
struct verdict_sums {
	double state[STATE_UNKNOWN + 1];
	double party[SEGMENT_COUNT];
	double deed[DEEDS];
	double bad; /* of all states in which somebody blocks */
};

void verdict_sum(const struct posterior *post, size_t way, struct verdict_sums *out);

/* The judgement; suspects have no texts. */
void verdict_judge(const struct posterior *post, size_t way, struct judgement *out);

#endif
