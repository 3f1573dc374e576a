/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_MODEL_RATES_H
#define INFER_MODEL_RATES_H

/*
 * How often an answer that is due arrives: a mixture of kinds of senders, each with a Beta
 * distribution of its rate, so that runs of losses and limits are no proof.
 */

#include "infer/model/prior.h"
#include <stdbool.h>

#define RATES_KINDS 3

struct rates {
	int n;
	struct {
		double log_weight;
		double a, b;  /* of the Beta */
		double lbeta; /* logarithm of its function at a, b */
		bool limited; /* trials teach the kind, not the rate */
	} kind[RATES_KINDS];
};

/* Routers' expiries, a share `silent` of routers sending none; servers' answers; rejections. */
struct rates rates_routers(const struct prior *p, double loss, double silent);
struct rates rates_servers(const struct prior *p, double loss);
struct rates rates_rejecters(const struct prior *p, double loss);

/* The same after so many due answers came, and did not come. */
struct rates rates_after(const struct rates *rates, double yes, double no);

/* Logarithm of the chance of just these outcomes, in their order. */
double rates_chance(const struct rates *rates, double yes, double no);

/* The chance of one answer. */
double rates_mean(const struct rates *rates);

/* log(exp(a) + exp(b)) */
double rates_add(double a, double b);

#endif
