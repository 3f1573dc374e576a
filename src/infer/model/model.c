/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/model/model.h"
#include "infer/numbers.h"
#include <stdlib.h>

/* Servers in the order of their groups; names of one address are one way. */
struct entry {
	uint32_t server;
	uint8_t family;
	uint16_t port;
	uint32_t peer;
};

static int by_group(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	if (x->family != y->family)
		return x->family < y->family ? -1 : 1;
	if (x->port != y->port)
		return x->port < y->port ? -1 : 1;
	if (x->peer != y->peer)
		return x->peer < y->peer ? -1 : 1;
	return x->server < y->server ? -1 : x->server > y->server;
}

static bool same_group(const struct entry *a, const struct entry *b)
{
	return a->family == b->family && a->port == b->port;
}

/* All servers that the model judges; returns how many. */
static size_t list_entries(const struct scene *scene, struct entry *out)
{
	size_t n = 0;
	for (uint32_t s = 0; s < scene->n; s++) {
		const struct server *server = &scene->trace->servers[s];
		if (way_applies(scene, s))
			out[n++] =
				(struct entry){s, server->addr.family, server->port, server->peer};
	}
	qsort(out, n, sizeof(*out), by_group);
	return n;
}

/* Leaves of a group's entries those evenly spread over it; returns how many. */
static size_t thin(struct entry *entries, size_t n, struct model_result *out)
{
	size_t kept = 0;
	for (size_t i = 0; i < n && n > MODEL_SERVERS; i++) {
		bool keeps = i * MODEL_SERVERS / n != (i + 1) * MODEL_SERVERS / n;
		out->servers[entries[i].server].left_out = !keeps;
		if (keeps)
			entries[kept++] = entries[i];
	}
	return n > MODEL_SERVERS ? kept : n;
}

/* Judges the servers of one family and port together. 0, or -1 when there is no memory. */
static int judge_group(const struct scene *scene, const struct prior *prior,
		       const struct entry *entries, size_t n, struct model_result *out)
{
	struct way *ways = arena_alloc(&out->arena, n * sizeof(*ways));
	size_t ways_n = 0, group = out->groups_n;
	struct posterior *post = &out->groups[group];
	if (!ways)
		return -1;
	for (size_t i = 0; i < n; i++) {
		struct model_server *m = &out->servers[entries[i].server];
		bool again = i && entries[i].peer == entries[i - 1].peer;
		if (!again && way_read(scene, entries[i].server, &out->arena, &ways[ways_n++]) != 0)
			return -1;
		*m = (struct model_server){.applies = true, .group = group, .way = ways_n - 1};
	}
	out->groups_n++;
	if (posterior_make(prior, scene, ways, ways_n, post) != 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		struct model_server *m = &out->servers[entries[i].server];
		verdict_judge(post, m->way, &m->judgement);
	}
	return 0;
}

int model_judge(const struct scene *scene, const struct prior *prior, struct model_result *out)
{
	size_t room = scene->n ? scene->n : 1;
	*out = (struct model_result){.servers_n = scene->n};
	out->servers = arena_alloc(&out->arena, room * sizeof(*out->servers));
	out->groups = arena_alloc(&out->arena, room * sizeof(*out->groups));
	struct entry *entries = arena_alloc(&out->arena, room * sizeof(*entries));
	if (out->arena.failed)
		return -1;
	size_t n = list_entries(scene, entries);
	for (size_t i = 0, run; i < n; i = run) {
		for (run = i; run < n && same_group(&entries[i], &entries[run]);)
			run++;
		size_t weighed = thin(&entries[i], run - i, out);
		if (judge_group(scene, prior ? prior : &prior_table, &entries[i], weighed, out) !=
		    0)
			return -1;
	}
	return 0;
}

void model_free(struct model_result *result)
{
	for (size_t i = 0; i < result->groups_n; i++)
		posterior_free(&result->groups[i]);
	arena_free(&result->arena);
	*result = (struct model_result){0};
}
