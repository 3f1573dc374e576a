/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/ask/asking.h"
#include "infer/numbers.h"
#include "infer/way/hops.h"
#include "infer/way/parting.h"

void ask_one(struct asking *a, struct question q)
{
	q.kind = a->whole ? PROBE_LINK : PROBE_RAW;
	a->last = a->last || q.last;
	if (a->n < a->cap)
		a->out[a->n++] = q;
}

unsigned ask_tried(const struct outcome *o)
{
	return (unsigned)o->asked + o->refused;
}

void ask_full(struct asking *a, uint32_t s, uint16_t port, uint8_t rank)
{
	ask_one(a, (struct question){.server = s, .port = port, .alone = true, .rank = rank});
}

int ask_estimate(const struct path *path)
{
	if (path->control.synack_ttl < 0)
		return path->nearest;
	int hops = hops_back((uint8_t)path->control.synack_ttl) + 1;
	return hops > path->nearest ? hops : path->nearest;
}

bool ask_quiet(const struct path *path, int ttl)
{
	const struct outcome *c = &path->control.at[ttl], *t = &path->target.at[ttl];
	return c->sent > 0 && !c->expired && !t->expired && !c->pending && !t->pending;
}

/* Whether a SYN may reach the server; where ways differ in length, some reach it sooner. */
static bool may_reach(const struct path *path, int ttl)
{
	int margin = parting_is_uneven(path) ? TOLERANCE_HOPS : 0;
	return ttl + margin >= path->nearest && 2 * ttl > ask_estimate(path);
}

static void ask_limited_ttl(struct asking *a, uint32_t s, struct question q)
{
	const struct path *path = &a->scene->paths[s];
	q.server = s;
	q.port = path->control.port;
	q.alone = may_reach(path, q.ttl);
	q.quiet = ask_quiet(path, q.ttl);
	ask_one(a, q);
}

void ask_pair(struct asking *a, uint32_t s, int ttl, uint8_t rank)
{
	uint16_t partner = a->scene->paths[s].target.port;
	ask_limited_ttl(a, s,
			(struct question){.ttl = (uint8_t)ttl, .partner = partner, .rank = rank});
}

void ask_control(struct asking *a, uint32_t s, int ttl, uint8_t rank)
{
	ask_limited_ttl(a, s, (struct question){.ttl = (uint8_t)ttl, .rank = rank});
}

unsigned ask_tried_pair(const struct path *path, int ttl)
{
	unsigned c = ask_tried(&path->control.at[ttl]), t = ask_tried(&path->target.at[ttl]);
	return c < t ? c : t;
}
