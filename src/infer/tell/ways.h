/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_TELL_WAYS_H
#define INFER_TELL_WAYS_H

/*
 * What is said of a port that answers some SYNs and not others.
 */

#include "infer/vote/vote.h"

/* Why it is degraded: the flow decides, or a limit. NULL when the claim is another. */
const char *way_reason(const struct scene *scene, const struct vote *vote, struct arena *arena);

/* Where the failing flows are lost, or NULL. */
const char *way_where(const struct scene *scene, const struct vote *vote, struct arena *arena);

/* What the provider or the reader can do about it, or NULL. */
const char *way_advice(const struct scene *scene, const struct vote *vote);

/* Where silence begins on a way that the control's SYNs do not take, or for SYNs that go round;
 * else NULL. */
const char *way_of_its_own(const struct scene *scene, const struct vote *vote, struct arena *arena);

#endif
