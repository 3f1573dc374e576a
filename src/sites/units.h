/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SITES_UNITS_H
#define SITES_UNITS_H

/*
 * What wants an explanation: a site that fails, over one family, with the stretches at which
 * its SYNs may get lost.
 */

#include "sites/stretches.h"

struct unit {
	uint32_t site;
	uint32_t *suspects; /* indexes of stretches, in the order of the way */
	size_t suspects_n, suspects_cap;
	bool explained;
};

struct units {
	struct unit *items;
	size_t n, cap;
};

void units_free(struct units *u);

/*
 * Adds a unit for each family in which the site has a way that fails. What all its failing
 * ways have in common is suspected; where that is nothing, what any of them has. Marks the
 * stretches. False when there is no memory.
 */
bool units_add(struct units *u, struct stretches *s, const struct site *site, uint32_t index);

#endif
