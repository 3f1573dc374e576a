/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_SCENE_ROLE_RULES_H
#define INFER_SCENE_ROLE_RULES_H

/*
 * Who may own a hop: one table, a rule a row, with where the rule comes from. The first that says
 * anything decides.
 */

#include "infer/scene/owners.h"

struct role_rule {
	const char *name;   /* hops[].role_by of the result */
	const char *source; /* what the rule rests on */
	bool numbers_own;   /* who has the hop numbers what follows: it is still near */
	/* A set of ROLE_BIT; 0: it says nothing. */
	uint8_t (*owners)(const struct owner_line *line, int hop);
};

const struct role_rule *role_rules_table(size_t *n);

/* Who may run the first router, by the device, the addresses and the machine; its own rule. */
uint8_t role_first_hop(const struct owner_line *line, int hop);

/* What the user says of a hop's routers, 0: nothing of at least one. */
uint8_t role_by_user(const struct owner_line *line, int hop);

#endif
