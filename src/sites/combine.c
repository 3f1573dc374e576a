/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/array.h"
#include "sites/sites.h"
#include "sites/units.h"
#include <stdlib.h>
#include <string.h>

/* A stretch is what several share from so many sites on. */
#define SHARED_LEAST 2

struct combining {
	const struct site *sites;
	size_t n;
	struct stretches stretches;
	struct units units;
	struct share *shares;
	size_t shares_n, shares_cap;
	struct sites_result *out;
	bool failed; /* no memory */
};

/* Sites of the units that the entry explains and nothing has explained yet; units are sorted. */
static uint32_t sites_unexplained(const struct combining *c, const struct stretch_entry *entry)
{
	uint32_t n = 0, last = STRETCH_NONE;
	for (size_t i = 0; i < entry->units_n; i++) {
		const struct unit *unit = &c->units.items[entry->units[i]];
		if (unit->explained || unit->site == last)
			continue;
		last = unit->site;
		n++;
	}
	return n;
}

/* The stretch that explains most sites, of those that nobody passes (or, asked so, somebody). */
static const struct stretch_entry *find_best(const struct combining *c, bool passed)
{
	const struct stretch_entry *best = NULL;
	uint32_t most = 0;
	for (size_t i = 0; i < c->stretches.n; i++) {
		const struct stretch_entry *entry = &c->stretches.entries[i];
		if ((entry->stretch.passing > 0) != passed || entry->open <= most)
			continue;
		uint32_t sites = sites_unexplained(c, entry);
		if (sites > most) {
			best = entry;
			most = sites;
		}
	}
	return best;
}

/* Whether `other` explains every unit that `best` does and that is not explained yet. */
static bool explains_all(const struct combining *c, const struct stretch_entry *best,
			 const struct stretch_entry *other)
{
	size_t at = 0;
	for (size_t i = 0; i < best->units_n; i++) {
		if (c->units.items[best->units[i]].explained)
			continue;
		while (at < other->units_n && other->units[at] < best->units[i])
			at++;
		if (at == other->units_n || other->units[at] != best->units[i])
			return false;
	}
	return true;
}

/* Whether the suspects are one router, or one link with the routers at its ends. */
static bool is_one_link(const struct stretch *suspects, size_t n)
{
	const struct stretch *link = NULL;
	for (size_t i = 0; i < n; i++) {
		if (stretches_same(&suspects[i].from, &suspects[i].to))
			continue;
		if (link)
			return false;
		link = &suspects[i];
	}
	for (size_t i = 0; i < n && n > 1; i++) {
		if (!link || (!stretches_same(&suspects[i].from, &link->from) &&
			      !stretches_same(&suspects[i].from, &link->to)))
			return false;
	}
	return n > 0;
}

static struct share *add_share(struct combining *c, enum share_kind kind)
{
	if (!array_reserve(&c->shares, &c->shares_cap, c->shares_n + 1, sizeof(*c->shares))) {
		c->failed = true;
		return NULL;
	}
	c->shares[c->shares_n] = (struct share){.kind = kind};
	return &c->shares[c->shares_n++];
}

/* Takes a unit's site into the share, in rising order, and the unit from all its stretches. */
static void explain(struct combining *c, uint32_t *sites, size_t *n, uint32_t index)
{
	struct unit *unit = &c->units.items[index];
	if (*n == 0 || sites[*n - 1] != unit->site)
		sites[(*n)++] = unit->site;
	unit->explained = true;
	for (size_t i = 0; i < unit->suspects_n; i++)
		c->stretches.entries[unit->suspects[i]].open--;
}

/* Open sites whose SYNs pass the router at the near end of the first suspect. */
static uint32_t count_behind(struct combining *c, const struct stretch *first)
{
	uint32_t index = stretches_index(&c->stretches, &first->from, &first->from);
	return index == STRETCH_NONE ? 0 : c->stretches.entries[index].stretch.passing;
}

/* The stretches that explain what `best` explains, in the order of one of the ways. */
static void list_suspects(struct combining *c, struct share *share,
			  const struct stretch_entry *best, bool passed)
{
	const struct unit *unit = NULL;
	for (size_t i = 0; i < best->units_n && !unit; i++)
		if (!c->units.items[best->units[i]].explained)
			unit = &c->units.items[best->units[i]];
	if (!unit)
		return;
	struct stretch *suspects =
		arena_alloc(&c->out->arena, unit->suspects_n * sizeof(*suspects));
	for (size_t i = 0; suspects && i < unit->suspects_n; i++) {
		const struct stretch_entry *other = &c->stretches.entries[unit->suspects[i]];
		if ((other->stretch.passing > 0) != passed || !explains_all(c, best, other))
			continue;
		suspects[share->suspects_n] = other->stretch;
		suspects[share->suspects_n++].failing = sites_unexplained(c, other);
	}
	share->suspects = suspects;
}

/* Whether the unit may as well fail at a place that is on no other failing site's way, nor passed.
 */
static bool fails_apart(const struct combining *c, const struct unit *unit)
{
	for (size_t i = 0; i < unit->suspects_n; i++) {
		const struct stretch_entry *entry = &c->stretches.entries[unit->suspects[i]];
		const struct unit *first = &c->units.items[entry->units[0]];
		const struct unit *last = &c->units.items[entry->units[entry->units_n - 1]];
		if (entry->stretch.passing == 0 && first->site == last->site)
			return true;
	}
	return false;
}

/* How many of the sites that `best` explains and nothing has explained yet may fail apart. */
static uint32_t count_apart(const struct combining *c, const struct stretch_entry *best)
{
	uint32_t n = 0, last = STRETCH_NONE;
	for (size_t i = 0; i < best->units_n; i++) {
		const struct unit *unit = &c->units.items[best->units[i]];
		if (unit->explained || unit->site == last || !fails_apart(c, unit))
			continue;
		last = unit->site;
		n++;
	}
	return n;
}

/* One cause for all that `best` explains. */
static void share_stretch(struct combining *c, const struct stretch_entry *best, bool passed)
{
	uint32_t n = sites_unexplained(c, best);
	enum share_kind kind =
		passed ? SHARE_CONTRADICTED : (n < SHARED_LEAST ? SHARE_ALONE : SHARE_LINK);
	struct share *share = add_share(c, kind);
	if (!share)
		return;
	list_suspects(c, share, best, passed);
	share->apart = kind == SHARE_LINK ? count_apart(c, best) : 0;
	uint32_t *sites = arena_alloc(&c->out->arena, n * sizeof(*sites));
	for (size_t i = 0; sites && i < best->units_n; i++)
		if (!c->units.items[best->units[i]].explained)
			explain(c, sites, &share->sites_n, best->units[i]);
	share->sites = sites;
	share->named = kind == SHARE_LINK && is_one_link(share->suspects, share->suspects_n);
	if (share->suspects_n > 0)
		share->behind = count_behind(c, &share->suspects[0]);
	c->failed = c->failed || c->out->arena.failed || c->stretches.failed;
}

/* Whether every place at which the unit may fail lies inside the network. */
static bool is_inside(const struct combining *c, const struct unit *unit, uint32_t asn)
{
	for (size_t i = 0; i < unit->suspects_n; i++) {
		const struct stretch *s = &c->stretches.entries[unit->suspects[i]].stretch;
		if (s->from.asn != asn || s->to.asn != asn)
			return false;
	}
	return true;
}

/* Sites of the provider that are not explained and fail inside it; in `sites` where given. */
static uint32_t inside_sites(struct combining *c, uint32_t asn, uint32_t *sites)
{
	uint32_t last = STRETCH_NONE;
	size_t n = 0, taken = 0;
	for (size_t i = 0; i < c->units.n; i++) {
		const struct unit *unit = &c->units.items[i];
		if (unit->explained || c->sites[unit->site].asn != asn || !is_inside(c, unit, asn))
			continue;
		n += unit->site != last;
		last = unit->site;
		if (sites)
			explain(c, sites, &taken, (uint32_t)i);
	}
	return (uint32_t)n;
}

/* Different first suspects of the provider's sites that are not explained yet. */
static uint32_t count_places(const struct combining *c, uint32_t asn)
{
	uint32_t n = 0;
	for (size_t i = 0; i < c->stretches.n; i++) {
		const struct stretch_entry *entry = &c->stretches.entries[i];
		for (size_t k = 0; k < entry->units_n; k++) {
			const struct unit *unit = &c->units.items[entry->units[k]];
			if (unit->explained || c->sites[unit->site].asn != asn ||
			    unit->suspects[0] != i)
				continue;
			n++;
			break;
		}
	}
	return n;
}

/* A provider none of whose sites is open, and more of which fail inside it than share a stretch. */
static bool share_network(struct combining *c, const struct provider_row *row, uint32_t more_than)
{
	if (row->asn == 0 || row->open > 0 || row->failing < SHARED_LEAST)
		return false;
	uint32_t n = inside_sites(c, row->asn, NULL);
	if (n < SHARED_LEAST || n <= more_than)
		return false;
	struct share *share = add_share(c, SHARE_NETWORK);
	uint32_t *sites = arena_alloc(&c->out->arena, n * sizeof(*sites));
	if (!share || !sites) {
		c->failed = true;
		return false;
	}
	share->asn = row->asn;
	share->places = count_places(c, row->asn);
	share->sites = sites;
	share->sites_n = inside_sites(c, row->asn, sites);
	return true;
}

static bool any_network(struct combining *c, uint32_t more_than)
{
	for (size_t i = 0; i < c->out->providers_n && !c->failed; i++)
		if (share_network(c, &c->out->providers[i], more_than))
			return true;
	return false;
}

/* What explains most comes first; then what is left, each by itself or against what others pass. */
static void share_out(struct combining *c)
{
	while (!c->failed) {
		const struct stretch_entry *best = find_best(c, false);
		uint32_t n = best ? sites_unexplained(c, best) : 0;
		if (n < SHARED_LEAST ? any_network(c, 0) : any_network(c, n))
			continue;
		if (n < SHARED_LEAST)
			break;
		share_stretch(c, best, false);
	}
	for (int passed = 0; passed <= 1; passed++) {
		const struct stretch_entry *best;
		while (!c->failed && (best = find_best(c, passed)) != NULL)
			share_stretch(c, best, passed);
	}
}

static int by_failing(const void *a, const void *b)
{
	const struct provider_row *left = a, *right = b;
	if (left->failing != right->failing)
		return left->failing < right->failing ? 1 : -1;
	return (left->asn > right->asn) - (left->asn < right->asn);
}

static int by_number(const void *a, const void *b)
{
	const struct site *const *left = a, *const *right = b;
	return ((*left)->asn > (*right)->asn) - ((*left)->asn < (*right)->asn);
}

/* A row for each provider. */
static void tell_providers(struct combining *c)
{
	const struct site **sorted = malloc((c->n ? c->n : 1) * sizeof(const struct site *));
	struct provider_row *rows = arena_alloc(&c->out->arena, (c->n + 1) * sizeof(*rows));
	size_t n = 0;
	if (!sorted || !rows) {
		free(sorted);
		c->failed = true;
		return;
	}
	for (size_t i = 0; i < c->n; i++)
		sorted[i] = &c->sites[i];
	qsort(sorted, c->n, sizeof(const struct site *), by_number);
	for (size_t i = 0; i < c->n; i++) {
		if (n == 0 || rows[n - 1].asn != sorted[i]->asn)
			rows[n++] = (struct provider_row){.asn = sorted[i]->asn};
		struct provider_row *row = &rows[n - 1];
		row->sites++;
		row->open += sorted[i]->state == SITE_OPEN;
		row->failing += sorted[i]->state == SITE_FAILS;
		row->unknown += sorted[i]->state == SITE_UNKNOWN;
		if (!row->owner && row->asn)
			row->owner = sorted[i]->owner;
	}
	free(sorted);
	qsort(rows, n, sizeof(*rows), by_failing);
	c->out->providers = rows;
	c->out->providers_n = n;
}

/* Counts what passes and what fails. */
static void survey(struct combining *c)
{
	for (uint32_t i = 0; i < c->n && !c->failed; i++) {
		const struct site *site = &c->sites[i];
		c->out->sites++;
		c->out->open += site->state == SITE_OPEN;
		c->out->failing += site->state == SITE_FAILS;
		c->out->unknown += site->state == SITE_UNKNOWN;
		for (size_t k = 0; k < site->ways_n && site->state != SITE_UNKNOWN; k++)
			stretches_pass(&c->stretches, &site->ways[k], i);
		if (site->state == SITE_FAILS)
			c->failed = !units_add(&c->units, &c->stretches, site, i);
		c->failed = c->failed || c->stretches.failed;
	}
}

static int by_sites(const void *a, const void *b)
{
	const struct share *left = a, *right = b;
	if (left->sites_n != right->sites_n)
		return left->sites_n < right->sites_n ? 1 : -1;
	return (left->sites[0] > right->sites[0]) - (left->sites[0] < right->sites[0]);
}

bool sites_combine(const struct site *sites, size_t n, struct sites_result *out)
{
	struct combining c = {.sites = sites, .n = n, .out = out};
	*out = (struct sites_result){0};
	survey(&c);
	tell_providers(&c);
	if (!c.failed)
		share_out(&c);
	struct share *shares = arena_alloc(&out->arena, (c.shares_n + 1) * sizeof(*shares));
	bool ok = shares && !c.failed && !out->arena.failed;
	if (ok && c.shares_n > 0) {
		memcpy(shares, c.shares, c.shares_n * sizeof(*shares));
		qsort(shares, c.shares_n, sizeof(*shares), by_sites);
	}
	out->shares = shares;
	out->shares_n = ok ? c.shares_n : 0;
	stretches_free(&c.stretches);
	units_free(&c.units);
	free(c.shares);
	return ok;
}

void sites_free(struct sites_result *r)
{
	arena_free(&r->arena);
	*r = (struct sites_result){0};
}
