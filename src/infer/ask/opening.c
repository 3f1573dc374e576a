/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The first questions of a family. Whoever counts connections to mail ports passes the first few:
 * of these one goes to a single server, and, where it draws nothing, the others show between which
 * hops its like vanish. What follows at speed may meet a limit, or have this host shut out.
 */
#include "infer/ask/agenda.h"
#include "infer/ask/edge.h"
#include "infer/numbers.h"

/* The family's first server; TRACE_NONE where another was asked on the port already. */
static uint32_t first_server(const struct scene *scene, uint8_t family)
{
	uint32_t first = TRACE_NONE;
	for (uint32_t s = 0; s < scene->n; s++) {
		if (scene_family(scene, s) != family || scene->trace->servers[s].peer != s)
			continue;
		if (first == TRACE_NONE)
			first = s;
		else if (ask_tried(&scene->paths[s].target.at[0]) > 0)
			return TRACE_NONE;
	}
	return first;
}

/* Ports that nobody counts, and of the first server its first control whatever it is. */
static void ask_controls(struct asking *a, uint32_t s, bool first)
{
	const struct path *path = &a->scene->paths[s];
	size_t controls = path->trace->servers[s].controls_n;
	for (size_t i = 1; i <= controls && i < path->ports_n; i++) {
		const struct port_count *c = &path->ports[i];
		if (((first && i == 1) || !mail_is_counted(c->port)) && ask_tried(&c->full) == 0)
			ask_full(a, s, c->port, 0);
	}
}

static void ask_contact(struct asking *a, uint8_t family, uint32_t first)
{
	for (uint32_t s = 0; s < a->scene->n; s++) {
		if (scene_family(a->scene, s) == family && a->scene->trace->servers[s].peer == s)
			ask_controls(a, s, s == first);
	}
	ask_full(a, first, a->scene->paths[first].target.port, 0);
}

/* SYNs to the port, of every TTL. */
static unsigned count_asked(const struct path *path)
{
	unsigned n = 0;
	for (int ttl = 0; ttl <= PATH_TTL_MAX; ttl++)
		n += ask_tried(&path->target.at[ttl]);
	return n;
}

/* Whether a port that would be the better control may still answer. */
static bool awaits_control(const struct path *path)
{
	for (size_t i = 1; i < path->ports_n && path->ports[i].port != path->control.port; i++) {
		if (path->ports[i].full.pending)
			return true;
	}
	return false;
}

/* Between which hops the port's SYNs end, as far as is known. */
struct bracket {
	int near, miss; /* the last that saw one, the first that misses them */
	bool awaited;	/* SYNs that tell more are under way */
	bool answered;	/* somebody answered one: nothing vanishes there */
};

static struct bracket find_bracket(struct asking *a, uint32_t s)
{
	const struct path *path = &a->scene->paths[s];
	struct bracket b = {
		.near = path->target.last_expired,
		.miss = path->answered ? path->answered : ask_estimate(path),
	};
	for (int ttl = 1; ttl <= PATH_TTL_MAX; ttl++) {
		const struct outcome *t = &path->target.at[ttl], *c = &path->control.at[ttl];
		if (!t->asked)
			continue;
		bool silent = !t->pending || edge_lags(a, s, &path->target, ttl);
		b.answered = b.answered || t->reached || t->rejected;
		if (!t->answered && !silent)
			b.awaited = true;
		else if (!t->answered && c->answered && ttl > b.near && ttl < b.miss)
			b.miss = ttl;
	}
	return b;
}

/*
 * Two steps: half of the SYNs that are left divide what may be the place into parts, of which the
 * other half leaves one hop.
 */
static bool ask_between(struct asking *a, uint32_t s)
{
	int left = RESTED_BURST - (int)count_asked(&a->scene->paths[s]);
	struct bracket b = find_bracket(a, s);
	int gap = b.miss - b.near - 1;
	if (b.answered || left <= 0 || (gap <= 0 && !b.awaited))
		return false;
	if (b.awaited)
		return true;
	int now = left == RESTED_BURST - 1 ? (left + 1) / 2 : left;
	if (gap <= left)
		now = gap;
	/* What so few can tell apart; nearer places are the likelier ones. */
	int most = (now + 1) * (left - now + 1);
	int width = gap + 1 < most ? gap + 1 : most;
	for (int i = 1; i <= now; i++)
		ask_pair(a, s, b.near + width * i / (now + 1), (uint8_t)i);
	return true;
}

bool ask_opening(struct asking *a, uint8_t family)
{
	const struct scene *scene = a->scene;
	uint32_t first = first_server(scene, family);
	if (first == TRACE_NONE || !scene->trace->run.own || scene->trace->run.brief)
		return false;
	const struct path *path = &scene->paths[first];
	const struct lane *target = &path->target;
	const struct outcome *full = &target->at[0];
	if (ask_tried(full) == 0) {
		ask_contact(a, family, first);
		return true;
	}
	if ((scene->conducts[first] != CONDUCT_PENDING &&
	     scene->conducts[first] != CONDUCT_SILENT) ||
	    full->answered || full->refused)
		return false;
	if (!edge_lags(a, first, target, 0))
		return true;
	if (!path->control.port)
		return false;
	return awaits_control(path) || ask_between(a, first);
}
