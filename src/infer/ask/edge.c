/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/ask/edge.h"
#include "infer/numbers.h"

/* The longest round trip to the server so far: what its wait was made of. */
static int64_t longest_ns(const struct path *path)
{
	int64_t third = path->wait_ns / 3, less = path->wait_ns - WAIT_MARGIN_NS;
	return third < less ? third : less;
}

int64_t edge_late_ns(const struct path *path, const struct probe *p)
{
	return p->last_ns + longest_ns(path) + EARLY_NS;
}

bool edge_lags(struct asking *a, uint32_t s, const struct lane *lane, int slot)
{
	const struct path *path = &a->scene->paths[s];
	const struct outcome *o = &lane->at[slot];
	int64_t late = INT64_MAX;
	if (o->answered || !o->asked)
		return false;
	PATH_EACH_PROBE(path, p)
	{
		int64_t one = edge_late_ns(path, p);
		if (p->dst_port == lane->port && path_slot(path->trace, p->ttl) == slot &&
		    one < late)
			late = one;
	}
	if (path->trace->last_ns >= late)
		return true;
	if (!a->due_ns || late < a->due_ns)
		a->due_ns = late;
	return false;
}

enum edge_need edge_need(struct asking *a, uint32_t s)
{
	switch (a->scene->conducts[s]) {
	case CONDUCT_PENDING:
		return edge_lags(a, s, &a->scene->paths[s].target, 0) ? EDGE_FAILS : EDGE_SOON;
	case CONDUCT_RESET:
	case CONDUCT_REJECTED:
	case CONDUCT_SILENT:
		return EDGE_FAILS;
	case CONDUCT_ABSENT:
	case CONDUCT_REFUSED:
	case CONDUCT_ANSWERS:
		break;
	}
	return EDGE_NONE;
}

bool edge_quiet(struct asking *a, uint32_t s, int ttl)
{
	const struct lane *control = &a->scene->paths[s].control;
	const struct outcome *c = &control->at[ttl];
	return ask_tried(c) > 0 && !c->answered && (!c->pending || edge_lags(a, s, control, ttl));
}

struct edge edge_find(struct asking *a, uint32_t s, int far)
{
	const struct path *path = &a->scene->paths[s];
	struct edge edge = {.known = true};
	int last = path->target.last_expired;
	for (int ttl = last + 1; ttl < far && ttl <= PATH_TTL_MAX && edge.known && !edge.hop;
	     ttl++) {
		const struct outcome *c = &path->control.at[ttl], *t = &path->target.at[ttl];
		bool answered = t->reached || t->rejected;
		if (!c->expired && !answered)
			edge.known = edge_quiet(a, s, ttl);
		else if (answered || !t->pending || edge_lags(a, s, &path->target, ttl))
			edge.hop = ttl;
		else
			edge.known = false;
	}
	return edge;
}

bool edge_denied(const struct path *path, int hop)
{
	const struct lane *target = &path->target;
	const struct outcome *before = &target->at[hop - 1];
	bool missed = path->control.at[hop - 1].expired && before->sent && !before->expired;
	return target->last_expired >= hop || (hop > 1 && missed);
}

bool edge_awaited(struct asking *a, int hop)
{
	for (size_t i = 0; i < a->sweepers_n; i++) {
		uint32_t s = a->sweepers[i];
		if (a->scene->paths[s].target.at[hop].pending && edge_need(a, s) == EDGE_FAILS)
			return true;
	}
	return false;
}
