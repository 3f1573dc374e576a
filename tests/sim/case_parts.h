/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SIM_CASE_PARTS_H
#define SIM_CASE_PARTS_H

/*
 * Parts of making a case.
 */

#include "case.h"

/* Routers, ways and servers. */
void case_topology(struct sim_case *c, uint64_t *random, const struct case_wish *wish);

/* Who blocks, and what is true then. May turn the kind into one that fits the network. */
void case_rule(struct sim_case *c, uint64_t *random);

#endif
