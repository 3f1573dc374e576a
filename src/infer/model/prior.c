/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/model/prior.h"
#include "infer/numbers.h"

const struct prior prior_table = {
#define PRIOR_VALUE(name, value, source) .name = value,
	PRIOR_TABLE(PRIOR_VALUE)
#undef PRIOR_VALUE
};

const double prior_loss[PRIOR_LOSSES] = {PRIOR_LOSS};
const double prior_loss_weight[PRIOR_LOSSES] = {PRIOR_LOSS_WEIGHT};

const double prior_share[PRIOR_SHARES] = {PRIOR_SHARE};

const double prior_listed[PRIOR_LISTS] = {PRIOR_LISTED};
