/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_EXPLAIN_PARTS_H
#define INFER_EXPLAIN_PARTS_H

/*
 * The parts of an explanation. Each appends its lines to `out`.
 */

#include "base/arena.h"
#include "base/text.h"
#include "infer/model/model.h"
#include "infer/vote/vote.h"

struct explaining {
	const struct scene *scene;
	const struct votes *votes; /* with every server's claim */
	const struct model_result *model;
	struct arena *arena; /* of what is judged on the way */
	struct text *out;
};

/* What was counted for a server: its SYNs by TTL, hops and their owners, this host, mail. */
void explain_facts(const struct explaining *x, uint32_t s);

/* Every rule that holds for a server, and the claim that comes of it. */
void explain_rules(const struct explaining *x, uint32_t s);

/* What the model believes of a server. */
void explain_model(const struct explaining *x, uint32_t s);

/* A server's SYNs in the words of the unit tests' scripts. */
void explain_script(const struct explaining *x, uint32_t s);

/* How a family's servers vote, and what shows that somebody plays the part of others. */
void explain_vote(const struct explaining *x, const struct vote *vote);

/* "blocked, isp, silent-drop, probability 0.990; suspects ...; between hop 2 and hop 3". */
void explain_judgement(const struct explaining *x, const struct judgement *j);

/* A position on the line: "hop 2's output", "the link from hop 2 to hop 3", "hop 3's input". */
void explain_place(struct text *out, int position);

/* A set of ROLE_BIT: "local-network or isp". */
void explain_owners(struct text *out, uint8_t owners);

/* The name of a server, escaped. */
void explain_name(const struct explaining *x, uint32_t s);

#endif
