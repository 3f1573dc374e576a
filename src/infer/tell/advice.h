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
	int alone; /* the family in question where the other one is open: 4 or 6; 0: both, or one */
};

/* Adds a line, said in the arena's language; nothing where there is no room. */
void advise(const struct advising *a, const char *text);

/* The same of a line that was said already; nothing where there is none. */
void advise_made(const struct advising *a, const char *text);

/* A sentence that was said already, and what is to be pasted after it, a command a line. */
void advise_commands(const struct advising *a, const char *text, const char *commands);

/* The same of an advice that has its commands. */
void advise_shown(const struct advising *a, const char *advice);

/* Adds the line for a measurement, which can be run again, or for somebody else's capture. */
void advise_either(const struct advising *a, const char *measured, const char *captured);

/* Whether the judgement names the party or lists it. */
bool advice_suspects(const struct judgement *j, enum blocker blocker);

/* Whether the party is suspected of what goes out, not of dropping answers alone. */
bool advice_suspects_outwards(const struct judgement *j, enum blocker blocker);

/* Where the reader, or the operator of a rented machine, keeps outgoing rules. */
void advise_router(const struct advising *a);

/* Where the SYNs passed the reader's router, which may still drop the answers. */
void advise_router_back(const struct advising *a);

/* What the operators of networks on the way say themselves, with the source. */
void advise_policies(const struct advising *a);

/* What to write, and to whom: the provider, a tunnel's operator, the cloud's. */
void advise_provider(const struct advising *a);

/* A question to somebody, with the letter that goes along. */
void advise_question(const struct advising *a, const char *question);

/* What to do about a block, by who does it. */
void advise_blocked(const struct advising *a);

/* What to do about a port that works now and then, or whose sessions break. */
void advise_degraded(const struct advising *a);

/* A port that works now; nothing where none was found. */
void advise_port(const struct advising *a);

/* Where one family alone is blocked: that whoever is asked must know it. */
void advise_family(const struct advising *a);

/* Other lines that go round what is blocked. */
void advise_other_lines(const struct advising *a);

#endif
