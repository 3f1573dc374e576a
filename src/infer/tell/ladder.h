/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_TELL_LADDER_H
#define INFER_TELL_LADDER_H

/*
 * What is said of the other mail ports, and what of them is a way out for mail today.
 */

#include "infer/vote/vote.h"

/* How the mail ports fare beside the one under test, in a sentence; NULL: nothing to say. */
const char *ladder_reason(const struct scene *scene, const struct vote *vote, struct arena *arena);

/* A port that works now with its settings for a mail program; NULL: none was found. */
const char *ladder_way(const struct scene *scene, const struct vote *vote, struct arena *arena);

#endif
