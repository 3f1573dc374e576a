/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef STATE_CONDITION_H
#define STATE_CONDITION_H

/*
 * What one verdict says of the port, reduced to what can change: the state, and
 * who may be behind it. Two verdicts that leave a suspect in common agree: the
 * second may be a refinement of the first, but is no change.
 */

#include "infer/result/terms.h"
#include <stdbool.h>
#include <stdint.h>

#define CONDITION_BIT(blocker) ((uint8_t)(1U << (blocker)))

struct condition {
	enum state state;
	uint8_t who; /* CONDITION_BIT of each suspect; never 0 */
};

/*
 * A verdict's condition. `suspects` are the bits of those that it names: they count where the
 * blocker is unknown. Where nobody is named, everybody is suspect; of an unknown
 * state, nobody.
 */
struct condition condition_of(enum state state, enum blocker blocker, uint8_t suspects);

/* The same state, and a suspect in common. */
bool condition_agrees(const struct condition *a, const struct condition *b);

/* What is left of `a` after a verdict that agrees with it: the suspects in common. */
void condition_refine(struct condition *a, const struct condition *by);

/* The only suspect, or BLOCKER_UNKNOWN. */
enum blocker condition_blocker(const struct condition *c);

#endif
