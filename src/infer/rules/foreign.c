/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/rules/foreign.h"
#include "infer/numbers.h"
#include "infer/way/hops.h"

bool rule_foreign_uncontrolled(const struct scene *scene, uint32_t s)
{
	return !scene->trace->run.own && scene->conducts[s] == CONDUCT_ABSENT &&
	       !path_has_others(&scene->paths[s]);
}

/* A server that drops what it does not offer drops an unused port, too. */
bool rule_foreign_silent_host(const struct scene *scene, uint32_t s)
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
	return silent >= 2 && silent >= answering;
}

/* Whether the probe shows that the client took part: its SYN, an ACK, or what never left it. */
static bool took_part(const struct trace *t, const struct probe *p)
{
	if (!p->implied || p->established)
		return true;
	PATH_EACH_REPLY(t, p, r)
	{
		if (r->loopback)
			return true;
	}
	return false;
}

/*
 * Answers alone, on no server a question: of one direction of the way, or to somebody who asked in
 * this client's name.
 */
bool rule_foreign_unasked(const struct scene *scene, uint32_t s)
{
	const struct trace *t = scene->trace;
	(void)s;
	if (t->run.own || t->probes_n == 0)
		return false;
	for (size_t i = 0; i < t->probes_n; i++) {
		if (took_part(t, &t->probes[i]))
			return false;
	}
	return true;
}

/* Resets to the port under test. */
struct refusals {
	unsigned n, here; /* all; on the loopback interface, for SYNs that never left */
	int back;	  /* hops of the shortest way back */
};

/* All resets to the port that count. */
static struct refusals gather(const struct path *path)
{
	const struct trace *t = path->trace;
	struct refusals all = {0};
	PATH_EACH_PROBE_TO(path, path->target.port, p)
	{
		PATH_EACH_REPLY(t, p, r)
		{
			if (r->kind != REPLY_RESET || !path_counts(t, p, r))
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
	struct refusals all = gather(&scene->paths[s]);
	claim_say(out, STATE_BLOCKED, MECHANISM_TCP_RESET, SURE_FOREIGN);
	out->placed = true;
	out->span = (struct span){.lo = line_out(0), .hi = line_out(0)};
	return all.n && all.here == all.n;
}

/*
 * Whether nobody but the server can have made them, or nearly so: they come as far as another
 * port's SYN-ACKs do, or never left this host.
 */
static bool is_servers_own(const struct path *path, const struct refusals *all)
{
	const struct server *server = &path->trace->servers[path->server];
	const struct lane *control = &path->control;
	if (control->port)
		return all->back == hops_back((uint8_t)control->synack_ttl);
	return addr_class(&server->addr) == ADDR_LOOPBACK;
}

/*
 * Nothing to compare them with. Whoever copies the TTL of what he answers is half as far away as
 * his resets seem to come from.
 */
static void claim_unknown_maker(const struct refusals *all, int far, struct claim *out)
{
	int near = (all->back < far ? all->back : far - 1) / 2;
	claim_say(out, STATE_BLOCKED, MECHANISM_TCP_RESET, SURE_FOREIGN);
	claim_between(out, near, far, far);
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
	struct refusals all = gather(path);
	int far = scene->roles[s].server_hop;
	out->last_seen = out->first_missing = far;
	if (is_servers_own(path, &all)) {
		claim_say(out, STATE_CLOSED, MECHANISM_CLOSED,
			  control->port ? SURE_FOREIGN_RESET : SURE_FOREIGN_ALONE);
		out->span = (struct span){.lo = line_in(far), .hi = line_out(far)};
	} else if (!control->port) {
		claim_unknown_maker(&all, far, out);
	} else if (all.back < hops_back((uint8_t)control->synack_ttl) - TOLERANCE_HOPS) {
		claim_say(out, STATE_BLOCKED, MECHANISM_TCP_RESET, SURE_FOREIGN_RESET);
		out->span = (struct span){.lo = line_link(0), .hi = line_out(far)};
	}
	return true;
}

/* Whether the reset would be heeded behind this SYN-ACK: as an answer to the SYN, or as its next.
 */
static bool contradicts(const struct reply *reset, const struct reply *synack)
{
	return reset->ack_valid || reset->seq == synack->seq + 1;
}

/* Whether the SYN drew a SYN-ACK and a reset that takes back what it says. */
static bool drew_both(const struct trace *t, const struct probe *p)
{
	PATH_EACH_REPLY(t, p, synack)
	{
		if (synack->kind != REPLY_SYNACK)
			continue;
		PATH_EACH_REPLY(t, p, r)
		{
			if (r->kind == REPLY_RESET && contradicts(r, synack))
				return true;
		}
	}
	return false;
}

/*
 * One SYN drew a reset and a SYN-ACK, or a reset although somebody speaks on its 5-tuple, or no
 * fewer SYNs were reset than accepted, and nobody went on from there.
 */
bool rule_foreign_twice(const struct scene *scene, uint32_t s)
{
	const struct path *path = &scene->paths[s];
	bool reset = scene->conducts[s] == CONDUCT_RESET && !path->distance;
	if (scene->trace->run.own || !(reset || scene->conducts[s] == CONDUCT_ANSWERS) ||
	    path_went_on(path))
		return false;
	PATH_EACH_PROBE_TO(path, path->target.port, p)
	{
		if (drew_both(scene->trace, p) || (reset && path_speaks(scene->trace, p)))
			return true;
	}
	const struct outcome *full = &path->target.at[0];
	return full->synack && full->reset >= full->synack;
}

/* Whether the client asks again after its SYN was accepted, and does nothing else. */
static bool asks_again(const struct trace *t, const struct probe *p)
{
	PATH_EACH_REPLY(t, p, r)
	{
		if (r->kind == REPLY_SYNACK && p->last_ns - r->at_ns >= SYN_AGAIN_NS)
			return !p->established && !p->closed && !p->implied;
	}
	return false;
}

/* Whether the server sends its SYN-ACK again to a client that is behind routers from here. */
static bool accepts_again(const struct trace *t, const struct probe *p)
{
	const struct reply *first = NULL;
	PATH_EACH_REPLY(t, p, r)
	{
		if (r->kind != REPLY_SYNACK)
			continue;
		if (first && r->at_ns - first->at_ns >= SYN_AGAIN_NS)
			return !p->implied && hops_back(p->ttl) > 0;
		first = first ? first : r;
	}
	return false;
}

/* The capture has SYN-ACKs that the client does not heed. */
bool rule_foreign_unheard(const struct scene *scene, uint32_t s)
{
	const struct path *path = &scene->paths[s];
	bool unheard = false;
	if (scene->trace->run.own || scene->conducts[s] != CONDUCT_ANSWERS)
		return false;
	PATH_EACH_PROBE_TO(path, path->target.port, p)
	{
		if (p->established || p->closed)
			return false;
		unheard = unheard || asks_again(scene->trace, p) || accepts_again(scene->trace, p);
	}
	return unheard;
}
