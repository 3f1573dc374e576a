/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/live/steady.h"
#include "io/host/clock.h"
#include <stdlib.h>

/* Slewing stays below 500 parts in a million; this is no slew. */
#define STEP_NS (100 * INT64_C(1000000))

void steady_start(struct steady *s)
{
	*s = (struct steady){.base_ns = clock_real_ns() - clock_mono_ns()};
}

int64_t steady_now(const struct steady *s)
{
	return s->base_ns + clock_mono_ns();
}

void steady_look(struct steady *s)
{
	int64_t skew = clock_real_ns() - steady_now(s);

	if (llabs(skew - s->skew_ns) < STEP_NS)
		return;
	s->old_skew_ns = s->skew_ns;
	s->skew_ns = skew;
	s->stepped = true;
}

int64_t steady_frame(const struct steady *s, int64_t at_ns)
{
	int64_t now = steady_now(s), fresh = at_ns - s->skew_ns, old = at_ns - s->old_skew_ns;

	if (!s->stepped)
		return at_ns;
	/* A frame that waited since before the step bears the old time; all wait but briefly. */
	return llabs(now - fresh) <= llabs(now - old) ? fresh : old;
}
