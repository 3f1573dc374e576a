/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/model/place.h"
#include "infer/numbers.h"
#include "infer/way/hops.h"
#include <stdlib.h>
#include <string.h>

/* An address at a hop of a way. */
struct sight {
	struct addr addr;
	uint32_t way;
	uint8_t hop;
	uint32_t group; /* of addresses that are one router, or several that share the load */
};

/* What comes at a hop behind the last router that ways have in common. */
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
	uint32_t *group_node; /* [group * MODEL_MEETINGS + times met before], WAY_NO_PLACE: none yet
			       */
	uint32_t *common; /* by way: the last node that it shares with who came so far with it */
	struct step *steps;
	uint32_t nodes;
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
 * The router that more than half of those see at a hop who see any there: the one that silent ones
 * are taken for. WAY_NO_PLACE where nobody sees any, or ways part.
 */
static uint32_t seen_behind(const struct step *steps, size_t n)
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
	return most * 2 > seen ? best : WAY_NO_PLACE;
}

/* Whether the way has been at the node: another that is taken for it was silent there. */
static bool was_there(const struct way *way, int hop, uint32_t node)
{
	for (int earlier = 1; earlier < hop; earlier++) {
		if (way->node[earlier] == node)
			return true;
	}
	return false;
}

/*
 * How often the way has met routers of the group before the hop: where balanced ways differ in
 * length, or SYNs go round, each time is a place of its own.
 */
static uint32_t met_before(const struct finder *f, uint32_t way, int hop, uint32_t group)
{
	uint32_t n = 0;
	for (int earlier = 1; earlier < hop; earlier++)
		n += f->groups[(size_t)way * WAY_HOPS + (size_t)earlier] == group;
	return n < MODEL_MEETINGS ? n : MODEL_MEETINGS - 1;
}

/*
 * Gives the ways with one last common node their nodes at the hop. Those that part here, to meet
 * again perhaps, keep it; silent ones among them are one.
 */
static void name_nodes(struct finder *f, const struct step *steps, size_t n, int hop)
{
	uint32_t behind = seen_behind(steps, n), unseen = WAY_NO_PLACE;
	for (size_t i = 0; i < n; i++) {
		struct way *way = &f->ways[steps[i].way];
		uint32_t group = steps[i].after != WAY_NO_PLACE ? steps[i].after : behind;
		uint32_t own = WAY_NO_PLACE, *node = &unseen;
		if (steps[i].last)
			node = &own;
		else if (group != WAY_NO_PLACE)
			node = &f->group_node[group * MODEL_MEETINGS +
					      met_before(f, steps[i].way, hop, group)];
		if (*node == WAY_NO_PLACE)
			*node = f->nodes++;
		way->node[hop] = was_there(way, hop, *node) ? f->nodes++ : *node;
		way->before[hop] = steps[i].before;
		if (group != WAY_NO_PLACE && group == behind)
			f->common[steps[i].way] = way->node[hop];
	}
}

/* Numbers the routers at a hop: ways that come from one router and show one are at one. */
static void name_hop(struct finder *f, int hop)
{
	size_t n = 0;
	for (uint32_t i = 0; i < f->n; i++) {
		const struct way *way = &f->ways[i];
		if (hop > way->end)
			continue;
		f->steps[n++] = (struct step){
			.before = f->common[i],
			.after = f->groups[(size_t)i * WAY_HOPS + (size_t)hop],
			.way = i,
			.last = hop == way->end,
		};
	}
	qsort(f->steps, n, sizeof(*f->steps), by_step);
	for (size_t i = 0; i < n;) {
		size_t run = i;
		while (run < n && f->steps[run].before == f->steps[i].before)
			run++;
		name_nodes(f, &f->steps[i], run - i, hop);
		i = run;
	}
}

/* What one way shows of a router's owner holds for all that pass it. */
static int share_owners(const struct finder *f, struct arena *scratch)
{
	uint8_t *owners = arena_alloc(scratch, f->nodes);
	if (!owners)
		return -1;
	memset(owners, UINT8_MAX, f->nodes);
	for (size_t i = 0; i < f->n; i++) {
		for (int hop = 1; hop < f->ways[i].end; hop++)
			owners[f->ways[i].node[hop]] &= f->ways[i].owners[hop];
	}
	for (size_t i = 0; i < f->n; i++) {
		struct way *way = &f->ways[i];
		for (int hop = 1; hop < way->end; hop++) {
			if (owners[way->node[hop]])
				way->owners[hop] = owners[way->node[hop]];
		}
		roles_keep_order(way->owners, way->end, NULL);
	}
	return 0;
}

/* Memory that the search alone needs; freed with the sights. */
static int search(const struct scene *scene, struct finder *f, struct arena *scratch)
{
	size_t sights_n = 0;
	for (uint32_t i = 0; i < f->n; i++)
		sights_n += sights_of(scene, &f->ways[i], i, NULL);
	struct sight *sights = arena_alloc(scratch, (sights_n + 1) * sizeof(*sights));
	uint32_t *parent = arena_alloc(scratch, (sights_n + 1) * sizeof(*parent));
	f->group_node =
		arena_alloc(scratch, (sights_n + 1) * MODEL_MEETINGS * sizeof(*f->group_node));
	f->groups = arena_alloc(scratch, f->n * WAY_HOPS * sizeof(*f->groups));
	f->steps = arena_alloc(scratch, f->n * sizeof(*f->steps));
	f->common = arena_alloc(scratch, f->n * sizeof(*f->common));
	if (scratch->failed)
		return -1;
	for (size_t i = 0; i < f->n * WAY_HOPS; i++)
		f->groups[i] = WAY_NO_PLACE;
	for (size_t i = 0; i < sights_n * MODEL_MEETINGS; i++)
		f->group_node[i] = WAY_NO_PLACE;
	sights_n = 0;
	for (uint32_t i = 0; i < f->n; i++)
		sights_n += sights_of(scene, &f->ways[i], i, &sights[sights_n]);
	unite(f, sights, sights_n, parent);
	/* This host is what all have in common. */
	f->nodes = 1;
	for (int hop = 1; hop < WAY_HOPS; hop++)
		name_hop(f, hop);
	return share_owners(f, scratch);
}

uint32_t places_at(const struct places *places, const struct way *way, int position)
{
	int hop = way_hop(position);
	if (way_is_out(position))
		return 4 * way->node[hop] + 1;
	/* Whoever lies hidden in a link is known by the node before, else by the one behind it. */
	if (!way_is_in(position))
		return way->between[hop] ? 4 * way->before[hop] + 3 : 4 * way->node[hop] + 2;
	bool own = hop == way->end && places->servers != WAY_NO_PLACE;
	return own ? WAY_NO_PLACE : 4 * way->node[hop];
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
	out->n = 4 * f.nodes;
	if (n > 1)
		out->servers = out->n++;
	out->item = arena_alloc(arena, out->n * sizeof(*out->item));
	if (!out->item)
		return -1;
	return 0;
}
