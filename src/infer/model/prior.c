/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/model/prior.h"

const struct prior prior_table = {
#define PRIOR_VALUE(name, value, source) .name = value,
	PRIOR_TABLE(PRIOR_VALUE)
#undef PRIOR_VALUE
};

/* A grid: what lies between two points fits both nearly as well. Weights: lines mostly work. */
const double prior_loss[PRIOR_LOSSES] = {0.01, 0.08, 0.2, 0.4, 0.6, 0.8};
const double prior_loss_weight[PRIOR_LOSSES] = {0.5, 0.2, 0.15, 0.08, 0.05, 0.02};

const double prior_share[PRIOR_SHARES] = {0.2, 0.4, 0.6, 0.8};

const double prior_listed[PRIOR_LISTS] = {0.15, 0.5, 0.85};
