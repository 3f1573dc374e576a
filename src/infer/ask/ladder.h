/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_ASK_LADDER_H
#define INFER_ASK_LADDER_H

/*
 * The other mail ports: which of them answer where the port under test fails,
 * and what of that is a way out for mail today.
 */

#include "infer/ask/agenda.h"
#include "infer/vote/vote.h"

/* SYNs with unlimited TTL to the mail ports of a server whose port under test fails. */
void ladder_ask(struct asking *a, uint32_t s);

/* How the mail ports fare beside the one under test, in a sentence; NULL: nothing to say. */
const char *ladder_reason(const struct scene *scene, const struct vote *vote, struct arena *arena);

/* A port that works now with its settings for a mail program; NULL: none was found. */
const char *ladder_way(const struct scene *scene, const struct vote *vote, struct arena *arena);

#endif
