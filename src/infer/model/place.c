/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/model/place.h"
#include "infer/way/hops.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* An address at a hop of a way. */
struct sight {
	struct addr addr;
	uint32_t way;
	uint8_t hop;
	uint32_t group; /* of addresses that are one router, or several that share the load */
};

/* What is behind what, for ways that have got to a hop. */
struct step {
	uint32_t before; /* node */
	uint32_t after;	 /* group of addresses, WAY_NO_PLACE: silent */
	uint32_t way;
	bool last; /* the server */
};

struct finder {
	struct way *ways;
	size_t n;
	uint32_t *groups;     /* [way * WAY_HOPS + hop], WAY_NO_PLACE: silent */
	uint32_t *group_node; /* node of a group, WAY_NO_PLACE: none yet */
	struct step *steps;
	uint32_t nodes, links;
};

static int by_addr(const void *a, const void *b)
{
	return memcmp(&((const struct sight *)a)->addr, &((const struct sight *)b)->addr,
		      sizeof(struct addr));
}

static uint32_t root(uint32_t *parent, uint32_t at)
{
	while (parent[at] != at)
		at = parent[at] = parent[parent[at]];
	return at;
}

/* The routers of one hop that are not the server itself; `out` may be NULL. How many. */
static size_t sights_at(const struct path *path, const struct hop_addrs *set, uint32_t index,
			int hop, struct sight *out)
{
	size_t n = 0;
	for (int i = 0; i < set->n; i++) {
		if (hops_is_servers(path, hop, &set->addr[i]))
			continue;
		if (out)
			out[n] = (struct sight){set->addr[i], index, (uint8_t)hop, 0};
		n++;
	}
	return n;
}

static size_t sights_of(const struct scene *scene, const struct way *way, uint32_t index,
			struct sight *out)
{
	const struct path *path = &scene->paths[way->server];
	size_t n = 0;
	for (int hop = 1; hop < way->end && hop <= PATH_TTL_MAX; hop++) {
		const struct hop_addrs *sets[] = {&path->control.hop[hop], &path->target.hop[hop]};
		for (int k = 0; k < 2; k++)
			n += sights_at(path, sets[k], index, hop, out ? out + n : NULL);
	}
	return n;
}

/* Addresses of one hop of one way are one group, and so are equal ones. */
static void unite(struct finder *f, struct sight *sights, size_t n, uint32_t *parent)
{
	qsort(sights, n, sizeof(*sights), by_addr);
	for (uint32_t i = 0; i < n; i++) {
		parent[i] = i;
		if (i && by_addr(&sights[i - 1], &sights[i]) == 0)
			parent[i] = root(parent, i - 1);
	}
	for (uint32_t i = 0; i < n; i++) {
		uint32_t *slot = &f->groups[(size_t)sights[i].way * WAY_HOPS + sights[i].hop];
		if (*slot == WAY_NO_PLACE)
			*slot = i;
		else
			parent[root(parent, i)] = root(parent, *slot);
	}
	for (size_t i = 0; i < f->n * WAY_HOPS; i++) {
		if (f->groups[i] != WAY_NO_PLACE)
			f->groups[i] = root(parent, f->groups[i]);
	}
}

static int by_step(const void *a, const void *b)
{
	const struct step *x = a, *y = b;
	if (x->before != y->before)
		return x->before < y->before ? -1 : 1;
	if (x->last != y->last)
		return x->last ? 1 : -1;
	if (x->after != y->after)
		return x->after < y->after ? -1 : 1;
	return x->way < y->way ? -1 : 1;
}

/*
 * The router that most of those see behind a predecessor who see any there; WAY_NO_PLACE where
 * nobody does, or ways part.
 */
static uint32_t seen_behind(const struct step *steps, size_t n, bool *parts)
{
	uint32_t best = WAY_NO_PLACE;
	size_t most = 0, seen = 0;
	for (size_t i = 0; i < n && !steps[i].last && steps[i].after != WAY_NO_PLACE;) {
		size_t run = i;
		while (run < n && steps[run].after == steps[i].after && !steps[run].last)
			run++;
		if (run - i > most) {
			most = run - i;
			best = steps[i].after;
		}
		seen += run - i;
		i = run;
	}
	*parts = seen > 0 && most * 2 <= seen;
	return *parts ? WAY_NO_PLACE : best;
}

/* A node of its own where the way has been at this one before: SYNs go round. */
static bool was_there(const struct way *way, int hop, uint32_t node)
{
	for (int earlier = 1; earlier < hop; earlier++) {
		if (way->node[earlier] == node)
			return true;
	}
	return false;
}

/* Gives the ways behind one predecessor their nodes at the hop. */
static void name_nodes(struct finder *f, const struct step *steps, size_t n, int hop)
{
	bool parts;
	uint32_t behind = seen_behind(steps, n, &parts), unseen = WAY_NO_PLACE;
	for (size_t i = 0; i < n; i++) {
		struct way *way = &f->ways[steps[i].way];
		uint32_t group = steps[i].after != WAY_NO_PLACE ? steps[i].after : behind;
		uint32_t own = WAY_NO_PLACE, *node = parts ? &own : &unseen;
		if (steps[i].last)
			node = &own;
		else if (group != WAY_NO_PLACE)
			node = &f->group_node[group];
		if (*node == WAY_NO_PLACE)
			*node = f->nodes++;
		way->node[hop] = was_there(way, hop, *node) ? f->nodes++ : *node;
	}
}

/* The steps of all ways that get to the hop, sorted; returns how many. */
static size_t take_steps(struct finder *f, int hop)
{
	size_t n = 0;
	for (uint32_t i = 0; i < f->n; i++) {
		const struct way *way = &f->ways[i];
		if (hop > way->end)
			continue;
		f->steps[n++] = (struct step){
			.before = hop > 1 ? way->node[hop - 1] : WAY_NO_PLACE,
			.after = f->groups[(size_t)i * WAY_HOPS + (size_t)hop],
			.way = i,
			.last = hop == way->end,
		};
	}
	qsort(f->steps, n, sizeof(*f->steps), by_step);
	return n;
}

/* A link is shared by those who reach the same node over it; where somebody may lie hidden in it,
 * by all behind the same predecessor. */
static void name_links(struct finder *f, size_t n, int hop)
{
	for (size_t i = 0; i < n; i++) {
		const struct way *way = &f->ways[f->steps[i].way];
		f->steps[i].last = false;
		f->steps[i].after = way->between[hop] ? WAY_NO_PLACE : way->node[hop];
	}
	qsort(f->steps, n, sizeof(*f->steps), by_step);
	for (size_t i = 0; i < n; i++) {
		const struct step *s = &f->steps[i];
		bool same = i && s[-1].before == s->before && s[-1].after == s->after;
		f->ways[s->way].link[hop] = same ? f->links - 1 : f->links++;
	}
}

static void name_hop(struct finder *f, int hop)
{
	size_t n = take_steps(f, hop);
	for (size_t i = 0; i < n;) {
		size_t run = i;
		while (run < n && f->steps[run].before == f->steps[i].before)
			run++;
		name_nodes(f, &f->steps[i], run - i, hop);
		i = run;
	}
	name_links(f, n, hop);
}

/* Memory that the search alone needs; freed with the sights. */
static int search(const struct scene *scene, struct finder *f, struct arena *scratch)
{
	size_t sights_n = 0;
	for (uint32_t i = 0; i < f->n; i++)
		sights_n += sights_of(scene, &f->ways[i], i, NULL);
	struct sight *sights = arena_alloc(scratch, (sights_n + 1) * sizeof(*sights));
	uint32_t *parent = arena_alloc(scratch, (sights_n + 1) * sizeof(*parent));
	f->group_node = arena_alloc(scratch, (sights_n + 1) * sizeof(*f->group_node));
	f->groups = arena_alloc(scratch, f->n * WAY_HOPS * sizeof(*f->groups));
	f->steps = arena_alloc(scratch, f->n * sizeof(*f->steps));
	if (scratch->failed)
		return -1;
	for (size_t i = 0; i < f->n * WAY_HOPS; i++)
		f->groups[i] = WAY_NO_PLACE;
	for (size_t i = 0; i < sights_n; i++)
		f->group_node[i] = WAY_NO_PLACE;
	sights_n = 0;
	for (uint32_t i = 0; i < f->n; i++)
		sights_n += sights_of(scene, &f->ways[i], i, &sights[sights_n]);
	unite(f, sights, sights_n, parent);
	for (int hop = 1; hop < WAY_HOPS; hop++)
		name_hop(f, hop);
	return 0;
}

uint32_t places_at(const struct places *places, const struct way *way, int position)
{
	int hop = way_hop(position);
	if (way_is_out(position))
		return 2 * way->node[hop] + 1;
	if (!way_is_in(position))
		return 2 * places->nodes + way->link[hop];
	bool own = hop == way->end && places->servers != WAY_NO_PLACE;
	return own ? WAY_NO_PLACE : 2 * way->node[hop];
}

/* Of the probability that a shared rule sits at a position, what each party has of it. */
static void add_party(double party[SEGMENT_COUNT], uint8_t owners, double share)
{
	int n = 0;
	for (int seg = 0; seg < SEGMENT_COUNT; seg++)
		n += (owners & ROLE_BIT(seg)) != 0;
	for (int seg = 0; seg < SEGMENT_COUNT; seg++)
		party[seg] += owners & ROLE_BIT(seg) ? share / n : 0;
}

/* Parties are equally likely, however many places each has. */
static double weight_of(const struct way *way, int position, const double party[SEGMENT_COUNT])
{
	/* A link and the input behind it share what an output has alone. */
	double sum = 0, half = way_is_out(position) ? 1 : 0.5;
	uint8_t owners = way_owners(way, position);
	int n = 0;
	for (int seg = 0; seg < SEGMENT_COUNT; seg++) {
		if (!(owners & ROLE_BIT(seg)))
			continue;
		sum += 1 / party[seg];
		n++;
	}
	return n ? half * sum / n / (SEGMENT_COUNT - 1) : 0;
}

static void count_members(const struct way *ways, size_t n, struct places *out)
{
	for (size_t i = 0; i < n; i++) {
		for (int x = 1; x <= way_last(&ways[i]); x++) {
			uint32_t at = places_at(out, &ways[i], x);
			if (at != WAY_NO_PLACE)
				out->item[at].members++;
		}
	}
	if (out->servers != WAY_NO_PLACE)
		out->item[out->servers].members = (uint32_t)n;
}

static void weigh(const struct way *ways, size_t n, struct places *out)
{
	double party[SEGMENT_COUNT] = {0};
	count_members(ways, n, out);
	for (size_t i = 0; i < n; i++) {
		for (int x = 1; x <= way_last(&ways[i]); x++) {
			uint32_t at = places_at(out, &ways[i], x);
			double share = at == WAY_NO_PLACE ? 1 : 1.0 / out->item[at].members;
			add_party(party, way_owners(&ways[i], x), share);
		}
		if (out->servers != WAY_NO_PLACE)
			add_party(party, way_owners(&ways[i], way_last(&ways[i])), 1.0 / (double)n);
	}
	for (size_t i = n; i-- > 0;) {
		const struct way *way = &ways[i];
		for (int x = 1; x <= way_last(way); x++) {
			uint32_t at = places_at(out, way, x);
			if (at == WAY_NO_PLACE)
				continue;
			out->item[at].back = way_is_in(x);
			out->item[at].log_prior = log(weight_of(way, x, party));
		}
		if (out->servers == WAY_NO_PLACE)
			continue;
		out->item[out->servers].back = true;
		out->item[out->servers].log_prior = log(weight_of(way, way_last(way), party));
	}
}

int places_find(const struct scene *scene, struct way *ways, size_t n, struct arena *arena,
		struct places *out)
{
	struct arena scratch = {0};
	struct finder f = {.ways = ways, .n = n};
	int status = search(scene, &f, &scratch);
	arena_free(&scratch);
	*out = (struct places){.nodes = f.nodes, .servers = WAY_NO_PLACE};
	if (status != 0)
		return -1;
	out->n = 2 * f.nodes + f.links;
	if (n > 1)
		out->servers = out->n++;
	out->item = arena_alloc(arena, out->n * sizeof(*out->item));
	if (!out->item)
		return -1;
	weigh(ways, n, out);
	return 0;
}
