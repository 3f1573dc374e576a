/* SPDX-License-Identifier: BSD-2-Clause */
#include "state/flapping.h"

#define CHANGES	    (FLAPPING_RUNS - 1)
#define WEIGHT_LOW  0.75
#define WEIGHT_HIGH 1.25
#define ON_ABOVE    0.30
#define OFF_BELOW   0.25

double flapping_share(const struct flapping *f)
{
	double sum = 0;

	for (unsigned i = 0; i < CHANGES; i++) {
		double age = (double)i / (CHANGES - 1);

		if (f->changes >> i & 1U)
			sum += WEIGHT_HIGH - age * (WEIGHT_HIGH - WEIGHT_LOW);
	}
	return sum / CHANGES;
}

bool flapping_take(struct flapping *f, bool changed)
{
	bool before = f->on;
	double share;

	f->changes = (f->changes << 1 | (changed ? 1U : 0U)) & ((1U << CHANGES) - 1);
	share = flapping_share(f);
	f->on = before ? share >= OFF_BELOW : share > ON_ABOVE;
	return f->on != before;
}
