/* SPDX-License-Identifier: BSD-2-Clause */
#include "sites/stretches.h"
#include "base/array.h"
#include <stdlib.h>

#define SLOTS_FIRST 1024

void stretches_free(struct stretches *s)
{
	for (size_t i = 0; i < s->n; i++)
		free(s->entries[i].units);
	free(s->entries);
	free(s->slots);
	*s = (struct stretches){0};
}

uint32_t site_scope(const struct addr *addr, uint32_t site)
{
	return addr_class(addr) == ADDR_PUBLIC ? 0 : site + 1;
}

bool stretches_same(const struct site_hop *a, const struct site_hop *b)
{
	return a->scope == b->scope && addr_equal(&a->addr, &b->addr);
}

/* The slot of the pair, or the empty one where it belongs. */
static size_t find_slot(const struct stretches *s, const struct site_hop *from,
			const struct site_hop *to)
{
	uint32_t hash = addr_hash(&to->addr, addr_hash(&from->addr, from->scope) ^ to->scope);
	size_t at = hash & (s->slots_n - 1);
	for (;; at = (at + 1) & (s->slots_n - 1)) {
		uint32_t index = s->slots[at];
		if (index == STRETCH_NONE)
			return at;
		const struct stretch *known = &s->entries[index].stretch;
		if (stretches_same(&known->from, from) && stretches_same(&known->to, to))
			return at;
	}
}

/* Keeps the table at most half full. */
static bool grow(struct stretches *s)
{
	if (s->slots_n > s->n * 2)
		return true;
	size_t slots_n = s->slots_n ? s->slots_n * 2 : SLOTS_FIRST;
	uint32_t *slots = malloc(slots_n * sizeof(*slots));
	if (!slots)
		return false;
	for (size_t i = 0; i < slots_n; i++)
		slots[i] = STRETCH_NONE;
	free(s->slots);
	s->slots = slots;
	s->slots_n = slots_n;
	for (size_t i = 0; i < s->n; i++) {
		const struct stretch *known = &s->entries[i].stretch;
		slots[find_slot(s, &known->from, &known->to)] = (uint32_t)i;
	}
	return true;
}

uint32_t stretches_index(struct stretches *s, const struct site_hop *from,
			 const struct site_hop *to)
{
	if (s->failed || !grow(s) ||
	    !array_reserve(&s->entries, &s->cap, s->n + 1, sizeof(*s->entries))) {
		s->failed = true;
		return STRETCH_NONE;
	}
	size_t slot = find_slot(s, from, to);
	if (s->slots[slot] == STRETCH_NONE) {
		s->entries[s->n] = (struct stretch_entry){
			.stretch = {*from, *to, 0, 0},
			.last_passing = STRETCH_NONE,
		};
		s->slots[slot] = (uint32_t)s->n++;
	}
	return s->slots[slot];
}

/* The site's SYNs got past the stretch. */
static void count_passing(struct stretches *s, const struct site_hop *from,
			  const struct site_hop *to, uint32_t site)
{
	uint32_t index = stretches_index(s, from, to);
	if (index == STRETCH_NONE || s->entries[index].last_passing == site)
		return;
	s->entries[index].last_passing = site;
	s->entries[index].stretch.passing++;
}

void stretches_pass(struct stretches *s, const struct site_way *way, uint32_t site)
{
	if (way->fate == WAY_UNDECIDED || (way->fate == WAY_FAILS && !way->placed))
		return;
	for (size_t i = 0; i < way->hops_n; i++) {
		const struct site_hop *hop = &way->hops[i];
		/* What the last router that saw the SYN did with it is not known. */
		if (way->fate == WAY_FAILS && hop->hop > way->from_hop)
			break;
		if (i > 0)
			count_passing(s, hop - 1, hop, site);
		if (way->fate == WAY_PASSES || hop->hop < way->from_hop)
			count_passing(s, hop, hop, site);
	}
}

const struct site_hop *stretches_hop_from(const struct site_way *way, uint8_t hop)
{
	for (size_t i = 0; i < way->hops_n; i++)
		if (way->hops[i].hop >= hop)
			return &way->hops[i];
	return NULL;
}
