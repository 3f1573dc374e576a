/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/scene/seen.h"
#include "infer/way/parting.h"

static bool was_asked(const struct path *path, int hop)
{
	return path->control.at[hop].sent || path->target.at[hop].sent;
}

/* Whether SYNs with this TTL drew an answer other than an expiry: somebody there does answer. */
static bool drew_answers(const struct path *path, int hop)
{
	const struct outcome *c = &path->control.at[hop], *t = &path->target.at[hop];
	return c->synack || c->reset || c->rejected || t->synack || t->reset || t->rejected;
}

static bool anybody(const struct path *path, int hop)
{
	return path->control.hop[hop].n || path->target.hop[hop].n;
}

struct hop_seen scene_hop_seen(const struct scene *scene, uint32_t s, int hop)
{
	const struct path *path = &scene->paths[s];
	struct hop_seen seen = {0};
	if (hop < 1 || hop > PATH_TTL_MAX)
		return seen;
	/* The server itself answers at its distance. */
	seen.addr = path->distance && hop == path->distance ? path->trace->servers[s].addr
							    : parting_addr(path, hop);
	seen.silent = !addr_is_set(&seen.addr) && was_asked(path, hop) && !anybody(path, hop) &&
		      !drew_answers(path, hop);
	if (addr_is_set(&seen.addr) || anybody(path, hop))
		return seen;
	/* What others' ways show names nobody on one that parts from its control's. */
	bool parts = parting_differs(path), differ = false, answered = false;
	for (uint32_t other = 0; other < scene->n; other++) {
		const struct path *theirs = &scene->paths[other];
		if (scene_family(scene, other) != scene_family(scene, s))
			continue;
		struct addr addr = parting_addr(theirs, hop);
		answered = answered || anybody(theirs, hop) || drew_answers(theirs, hop);
		if (parts)
			continue;
		seen.silent = seen.silent || was_asked(theirs, hop);
		if (addr_is_set(&seen.addr) && addr_is_set(&addr))
			differ = differ || !addr_equal(&seen.addr, &addr);
		else if (addr_is_set(&addr))
			seen.addr = addr;
	}
	seen.silent = seen.silent && !answered;
	if (differ)
		seen.addr = (struct addr){0};
	return seen;
}
