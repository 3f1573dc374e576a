/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_MODEL_PRIOR_H
#define INFER_MODEL_PRIOR_H

/*
 * The numbers of the model (PRIOR_TABLE of infer/numbers.h) as values that a simulation may change.
 */

#include "infer/numbers.h"

struct prior {
#define PRIOR_FIELD(name, value, source) double name;
	PRIOR_TABLE(PRIOR_FIELD)
#undef PRIOR_FIELD
};

#define PRIOR_LOSSES 6
#define PRIOR_SHARES 4
#define PRIOR_LISTS  3

/* The values of the table. */
extern const struct prior prior_table;

/* Shares of round trips lost, one for a whole run: values and their weights. */
extern const double prior_loss[PRIOR_LOSSES], prior_loss_weight[PRIOR_LOSSES];

/* Shares of flows or SYNs that a partial blocker hits, all as likely. */
extern const double prior_share[PRIOR_SHARES];

/* Shares of the servers that a list has, all as likely. */
extern const double prior_listed[PRIOR_LISTS];

#endif
