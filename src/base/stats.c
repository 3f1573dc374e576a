/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/stats.h"
#include <float.h>
#include <math.h>

double stats_silence(uint32_t answered, uint32_t sent, uint32_t n)
{
	double hits = answered < sent ? answered : sent;
	double misses = sent - hits;
	double p = 1;

	/* The next trial fails with (misses + 1/2) / (sent + 1), and then counts as a trial itself.
	 */
	for (uint32_t i = 0; i < n && p > DBL_MIN; i++)
		p *= (misses + i + 0.5) / ((double)sent + i + 1);
	return p > DBL_MIN ? p : DBL_MIN;
}

double stats_log_choose(double n, double k)
{
	int sign; /* lgamma() would write a global */

	return lgamma_r(n + 1, &sign) - lgamma_r(k + 1, &sign) - lgamma_r(n - k + 1, &sign);
}

double stats_fisher(uint32_t a, uint32_t n, uint32_t b, uint32_t m)
{
	double hits, total, p = 0;
	uint32_t first;

	a = a < n ? a : n;
	b = b < m ? b : m;
	hits = (double)a + b;
	total = (double)n + m;
	/* The second group holds at most m of the successes. */
	first = hits > m ? (uint32_t)(hits - m) : 0;
	for (uint32_t k = first; k <= a; k++)
		p += exp(stats_log_choose(n, k) + stats_log_choose(m, hits - k) -
			 stats_log_choose(total, hits));
	return p < 1 ? p : 1;
}
