/* SPDX-License-Identifier: BSD-2-Clause */
#include "state/condition.h"

/* Every party that a block can come from. */
#define ANYBODY                                                                                    \
	(CONDITION_BIT(BLOCKER_LOCAL_HOST) | CONDITION_BIT(BLOCKER_LOCAL_NETWORK) |                \
	 CONDITION_BIT(BLOCKER_ISP) | CONDITION_BIT(BLOCKER_TRANSIT) |                             \
	 CONDITION_BIT(BLOCKER_REMOTE))

struct condition condition_of(enum state state, enum blocker blocker, uint8_t suspects)
{
	struct condition c = {state, CONDITION_BIT(blocker)};

	if (blocker == BLOCKER_UNKNOWN && state != STATE_UNKNOWN)
		c.who = suspects & ANYBODY ? suspects & ANYBODY : ANYBODY;
	return c;
}

bool condition_agrees(const struct condition *a, const struct condition *b)
{
	return a->state == b->state && (a->who & b->who) != 0;
}

void condition_refine(struct condition *a, const struct condition *by)
{
	a->who &= by->who;
}

enum blocker condition_blocker(const struct condition *c)
{
	for (int b = 0; b < BLOCKER_UNKNOWN; b++) {
		if (c->who == CONDITION_BIT(b))
			return (enum blocker)b;
	}
	return BLOCKER_UNKNOWN;
}
