/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BASE_STATS_H
#define BASE_STATS_H

/*
 * The little statistics that the inference needs.
 */

#include <stdint.h>

/*
 * Beta-binomial predictive (Jeffreys prior): the probability that n further
 * trials all fail, after `answered` of `sent` trials of the same kind succeeded. Never 0.
 */
double stats_silence(uint32_t answered, uint32_t sent, uint32_t n);

/* One-sided Fisher exact test: the probability of at most a successes in n against b in m. */
double stats_fisher(uint32_t a, uint32_t n, uint32_t b, uint32_t m);

/* The logarithm of "n choose k". */
double stats_log_choose(double n, double k);

#endif
