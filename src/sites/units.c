/* SPDX-License-Identifier: BSD-2-Clause */
#include "sites/units.h"
#include "base/array.h"
#include <stdlib.h>
#include <string.h>

void units_free(struct units *u)
{
	for (size_t i = 0; i < u->n; i++)
		free(u->items[i].suspects);
	free(u->items);
	*u = (struct units){0};
}

static bool has(const struct unit *unit, uint32_t stretch)
{
	for (size_t i = 0; i < unit->suspects_n; i++)
		if (unit->suspects[i] == stretch)
			return true;
	return false;
}

/* Suspects the stretch between the two; they may be one. */
static bool suspect(struct unit *unit, struct stretches *s, const struct site_hop *from,
		    const struct site_hop *to)
{
	uint32_t index = stretches_index(s, from, to);
	if (index == STRETCH_NONE || !array_reserve(&unit->suspects, &unit->suspects_cap,
						    unit->suspects_n + 1, sizeof(*unit->suspects)))
		return false;
	if (!has(unit, index))
		unit->suspects[unit->suspects_n++] = index;
	return true;
}

/* The last router at or before the hop that answered; NULL: none did. */
static const struct site_hop *last_until(const struct site_way *way, uint8_t hop)
{
	const struct site_hop *last = NULL;
	for (size_t i = 0; i < way->hops_n && way->hops[i].hop <= hop; i++)
		last = &way->hops[i];
	return last;
}

/* A way whose place is known: the output of `from`, the link, the input of `to`. */
static bool suspect_link(struct unit *unit, struct stretches *s, const struct site_way *way)
{
	const struct site_hop *from = last_until(way, way->from_hop);
	const struct site_hop *to = stretches_hop_from(way, way->to_hop);
	bool exact = way->from_hop == way->to_hop;
	if (exact && from && from->hop == way->from_hop)
		return suspect(unit, s, from, from);
	if (exact)
		from = way->from_hop ? last_until(way, way->from_hop - 1) : NULL;
	else if (from && from->hop == way->from_hop && !suspect(unit, s, from, from))
		return false;
	if (from && to && !suspect(unit, s, from, to))
		return false;
	return exact || !to || to->hop != way->to_hop || suspect(unit, s, to, to);
}

static bool suspect_way(struct unit *unit, struct stretches *s, const struct site_way *way)
{
	if (way->placed)
		return suspect_link(unit, s, way);
	for (size_t i = 0; i < way->hops_n; i++) {
		const struct site_hop *hop = &way->hops[i];
		if ((i > 0 && !suspect(unit, s, hop - 1, hop)) || !suspect(unit, s, hop, hop))
			return false;
	}
	return true;
}

/* Leaves in `unit` what `other` has, too, unless that is nothing; then it takes what it lacks. */
static bool narrow(struct unit *unit, const struct unit *other)
{
	size_t kept = 0;
	for (size_t i = 0; i < unit->suspects_n; i++) {
		if (!has(other, unit->suspects[i]))
			continue;
		uint32_t common = unit->suspects[i];
		unit->suspects[i] = unit->suspects[kept];
		unit->suspects[kept++] = common;
	}
	if (kept > 0) {
		unit->suspects_n = kept;
		return true;
	}
	if (!array_reserve(&unit->suspects, &unit->suspects_cap,
			   unit->suspects_n + other->suspects_n, sizeof(*unit->suspects)))
		return false;
	memcpy(unit->suspects + unit->suspects_n, other->suspects,
	       other->suspects_n * sizeof(*other->suspects));
	unit->suspects_n += other->suspects_n;
	return true;
}

/* Gathers what the family's failing ways suspect. False when there is no memory. */
static bool gather(struct unit *unit, struct stretches *s, const struct site *site, uint8_t family)
{
	bool first = true, ok = true;
	for (size_t i = 0; i < site->ways_n && ok; i++) {
		const struct site_way *way = &site->ways[i];
		struct unit one = {0};
		if (way->fate != WAY_FAILS || way->server.family != family)
			continue;
		ok = suspect_way(first ? unit : &one, s, way);
		if (!first && ok && one.suspects_n > 0)
			ok = unit->suspects_n ? narrow(unit, &one) : suspect_way(unit, s, way);
		free(one.suspects);
		first = false;
	}
	return ok;
}

/* Enters the unit at each of its stretches. */
static bool mark(struct stretches *s, const struct unit *unit, uint32_t index)
{
	for (size_t i = 0; i < unit->suspects_n; i++) {
		struct stretch_entry *entry = &s->entries[unit->suspects[i]];
		if (!array_reserve(&entry->units, &entry->units_cap, entry->units_n + 1,
				   sizeof(*entry->units)))
			return false;
		entry->units[entry->units_n++] = index;
		entry->open++;
	}
	return true;
}

/* Takes the unit over if anything is suspected of it. False when there is no memory. */
static bool keep(struct units *u, struct stretches *s, struct unit *unit)
{
	if (unit->suspects_n == 0)
		return true;
	if (!array_reserve(&u->items, &u->cap, u->n + 1, sizeof(*u->items)) ||
	    !mark(s, unit, (uint32_t)u->n))
		return false;
	u->items[u->n++] = *unit;
	unit->suspects = NULL;
	return true;
}

bool units_add(struct units *u, struct stretches *s, const struct site *site, uint32_t index)
{
	static const uint8_t families[] = {4, 6};
	bool ok = true;
	for (size_t i = 0; i < sizeof(families) && ok; i++) {
		struct unit unit = {.site = index};
		ok = gather(&unit, s, site, families[i]) && keep(u, s, &unit);
		free(unit.suspects);
	}
	return ok;
}
