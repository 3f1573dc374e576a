/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/rules/foreign.h"
#include "infer/way/hops.h"
#include "infer/way/tolerance.h"

/* A reset from within so few hops is rather a router's than that of a server on the Internet. */
#define NEAR_HOPS 3

static bool has_control(const struct path *path)
{
	for (size_t i = 1; i < path->ports_n; i++) {
		if (path->ports[i].full.sent)
			return true;
	}
	return false;
}

bool foreign_uncontrolled(const struct scene *scene)
{
	if (scene->trace->run.own)
		return false;
	for (uint32_t s = 0; s < scene->n; s++) {
		if (has_control(&scene->paths[s]))
			return false;
	}
	return true;
}

bool foreign_divided(const struct scene *scene, const struct claim *claims, uint8_t family)
{
	const struct trace *t = scene->trace;
	uint32_t first = TRACE_NONE;
	if (t->run.own || !t->run.hosts_unknown)
		return false;
	for (uint32_t s = 0; s < scene->n; s++) {
		if (scene_family(scene, s) != family || scene->conducts[s] == CONDUCT_ABSENT)
			continue;
		if (first == TRACE_NONE)
			first = s;
		else if (claims[s].state != claims[first].state)
			return true;
	}
	return false;
}

bool rule_foreign_uncontrolled(const struct scene *scene, uint32_t s, struct claim *out)
{
	out->mechanism = MECHANISM_UNKNOWN;
	return !scene->trace->run.own && scene->conducts[s] == CONDUCT_ABSENT &&
	       !has_control(&scene->paths[s]);
}

/* A server that drops what it does not offer drops an unused port, too. */
bool rule_foreign_silent_host(const struct scene *scene, uint32_t s, struct claim *out)
{
	const struct path *path = &scene->paths[s];
	unsigned silent = 0, answering = 0;
	if (scene->trace->run.own || scene->conducts[s] != CONDUCT_SILENT || path->distance)
		return false;
	for (size_t i = 1; i < path->ports_n; i++) {
		const struct port_count *c = &path->ports[i];
		silent += c->full.sent && !c->full.answered && !path_submission_port(c->port);
		answering += c->full.reached > 0;
	}
	out->mechanism = MECHANISM_UNKNOWN;
	return silent >= 2 && silent >= answering;
}

/* Resets to the port under test. */
struct resets {
	unsigned n, here; /* all; on the loopback interface, for SYNs that never left */
	int back;	  /* hops of the shortest way back */
};

static struct resets gather(const struct path *path)
{
	const struct trace *t = path->trace;
	struct resets all = {0};
	PATH_EACH_PROBE(path, p)
	{
		PATH_EACH_REPLY(t, p, r)
		{
			bool ours = p->dst_port == path->target.port && r->kind == REPLY_RESET;
			if (!ours || !path_counts(t, p, r))
				continue;
			int back = hops_back(r->ttl);
			all.back = all.n == 0 || back < all.back ? back : all.back;
			all.here += r->loopback && p->implied;
			all.n++;
		}
	}
	return all;
}

bool rule_foreign_reset_here(const struct scene *scene, uint32_t s, struct claim *out)
{
	if (scene->trace->run.own || scene->conducts[s] != CONDUCT_RESET)
		return false;
	struct resets all = gather(&scene->paths[s]);
	out->state = STATE_BLOCKED;
	out->mechanism = MECHANISM_TCP_RESET;
	out->sure = 0.95;
	out->placed = true;
	out->span = (struct span){.lo = line_out(0), .hi = line_out(0)};
	return all.n && all.here == all.n;
}

/* Reached without a router, as far as addresses tell. */
static bool is_on_link(const struct server *s)
{
	enum addr_class class = addr_class(&s->addr);
	return class == ADDR_PRIVATE || class == ADDR_LINK_LOCAL || class == ADDR_LOOPBACK ||
	       addr_same_site(&s->addr, &s->client);
}

/* The server's own, by all that the frames show: they come as far, or from where it must be. */
static bool is_servers_own(const struct path *path, const struct resets *all)
{
	const struct lane *control = &path->control;
	if (control->port)
		return all->back == hops_back((uint8_t)control->synack_ttl);
	return all->back >= NEAR_HOPS || is_on_link(&path->trace->servers[path->server]);
}

/* Without TTL-limited SYNs, only the way back tells a server's reset from somebody else's. */
bool rule_foreign_reset(const struct scene *scene, uint32_t s, struct claim *out)
{
	const struct path *path = &scene->paths[s];
	const struct lane *control = &path->control;
	if (scene->trace->run.own || scene->conducts[s] != CONDUCT_RESET)
		return false;
	if (path->distance || (control->port && control->synack_ttl < 0))
		return false;
	struct resets all = gather(path);
	int far = scene->roles[s].server_hop;
	out->mechanism = MECHANISM_UNKNOWN;
	out->last_seen = out->first_missing = far;
	if (is_servers_own(path, &all)) {
		out->state = STATE_CLOSED;
		out->mechanism = MECHANISM_CLOSED;
		out->sure = control->port ? 0.93 : 0.9;
		out->span = (struct span){.lo = line_in(far), .hi = line_out(far)};
	} else if (control->port &&
		   all.back < hops_back((uint8_t)control->synack_ttl) - TOLERANCE_HOPS) {
		out->state = STATE_BLOCKED;
		out->mechanism = MECHANISM_TCP_RESET;
		out->sure = 0.93;
		out->span = (struct span){.lo = line_link(0), .hi = line_out(far)};
	}
	return true;
}
