/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_TELL_ADVICE_H
#define INFER_TELL_ADVICE_H

/*
 * What to do about one party, as lines of a verdict's `next`.
 */

#include "infer/scene/beside.h"
#include "infer/scene/scene.h"

/* A verdict that is given its lines; texts are made in the arena. */
struct advising {
	const struct scene *scene;
	const struct vote *vote;
	const struct judgement *j;
	struct arena *arena;
	struct verdict *verdict;
	unsigned port;
	enum beside_kind beside;
};

/* Adds a line, said in the arena's language; nothing where there is no room. */
void advise(const struct advising *a, const char *text);

/* The same of a line that was said already; nothing where there is none. */
void advise_made(const struct advising *a, const char *text);

/* Adds the line for a measurement, which can be run again, or for somebody else's capture. */
void advise_either(const struct advising *a, const char *measured, const char *captured);

/* Whether the judgement names the party or lists it. */
bool advice_suspects(const struct judgement *j, enum blocker blocker);

/* Where the reader, or the operator of a rented machine, keeps outgoing rules. */
void advise_router(const struct advising *a);

/* What the operators of networks on the way say themselves, with the source. */
void advise_policies(const struct advising *a);

/* What to write, and to whom: the provider, a tunnel's operator, the cloud's. */
void advise_provider(const struct advising *a);

/* What to do about a block, by who does it. */
void advise_blocked(const struct advising *a);

/* Ports and ways that go round what is blocked. */
void advise_ways_round(const struct advising *a);

#endif
