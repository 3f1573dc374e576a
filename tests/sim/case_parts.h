/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SIM_CASE_PARTS_H
#define SIM_CASE_PARTS_H

/*
 * Parts of making a case.
 */

#include "case.h"

/* The networks of the parties: the third byte, or the group, tells them apart. */
enum part { PART_HOME, PART_ISP, PART_TRANSIT, PART_REMOTE };

/* The address of a host of a party's n-th network. */
struct addr case_address(uint8_t family, enum part part, unsigned net, unsigned host);

/* Gives routers the numbers that chance gives them, and says who announces which. */
void case_number(struct sim_case *c);

/* Routers, ways and servers. */
void case_topology(struct sim_case *c, uint64_t *random, const struct case_wish *wish);

/* Who blocks, and what is true then. May turn the kind into one that fits the network. */
void case_rule(struct sim_case *c, uint64_t *random);

#endif
