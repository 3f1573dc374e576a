/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SITES_STRETCHES_H
#define SITES_STRETCHES_H

/*
 * Every router and link that some site's way passes, each once, with who gets past it and
 * who may lose SYNs there.
 */

#include "sites/sites.h"

#define STRETCH_NONE UINT32_MAX

struct stretch_entry {
	struct stretch stretch;
	uint32_t last_passing; /* the site counted last, so that each counts once */
	uint32_t *units;       /* who may fail here (indexes of struct unit), rising */
	size_t units_n, units_cap;
	uint32_t open; /* of `units`: how many are not explained yet */
};

struct stretches {
	struct stretch_entry *entries;
	size_t n, cap;
	uint32_t *slots; /* hash table of indexes, a power of two */
	size_t slots_n;
	bool failed; /* no memory */
};

void stretches_free(struct stretches *s);

/* Whether both are the same router, as far as their addresses tell. */
bool stretches_same(const struct site_hop *a, const struct site_hop *b);

/* The index of the stretch, new or known; STRETCH_NONE when there is no memory. */
uint32_t stretches_index(struct stretches *s, const struct site_hop *from,
			 const struct site_hop *to);

/* Counts what the way shows to let SYNs pass, for the site of that index. */
void stretches_pass(struct stretches *s, const struct site_way *way, uint32_t site);

/* The first hop of the way that answered at this TTL or beyond it; NULL: none. */
const struct site_hop *stretches_hop_from(const struct site_way *way, uint8_t hop);

#endif
