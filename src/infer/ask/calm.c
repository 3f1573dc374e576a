/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/ask/calm.h"
#include "infer/ask/agenda.h"
#include "infer/host/local.h"
#include "infer/numbers.h"
#include "infer/way/hops.h"
#include <errno.h>

#define CALLS_MAX    10 /* connections to mail ports in all: five in each of two seconds */
#define EXPIRIES_MAX 6	/* that a router sends at once, those of the controls included */

/* Whether the SYN-ACK came and this host did not go on although its own connection waits for it. */
static bool is_deaf(const struct trace *t, const struct probe *p)
{
	if (p->kind != PROBE_KERNEL || p->established)
		return false;
	PATH_EACH_REPLY(t, p, r)
	{
		if (r->kind == REPLY_SYNACK && t->last_ns - r->at_ns > SEEN_WITHIN_NS)
			return true;
	}
	return false;
}

/* Whether SYNs of limited TTL met somebody who should not be there, or nobody where others do. */
static bool is_met(const struct path *path)
{
	const struct addr *server = &path->trace->servers[path->server].addr;
	for (int ttl = 1; ttl <= PATH_TTL_MAX; ttl++) {
		const struct outcome *o = &path->target.at[ttl], *c = &path->control.at[ttl];
		bool missed = c->sent > 0 && c->expired == c->sent && o->expired < o->sent;
		if (o->reached || o->rejected || o->odd || o->refused || missed)
			return true;
		for (size_t i = 0; i < path->target.hop[ttl].n; i++) {
			if (addr_equal(&path->target.hop[ttl].addr[i], server))
				return true;
		}
	}
	return false;
}

/* Whether a port that nobody counts is answered from as far as the port under test. */
static bool is_level(const struct path *path)
{
	for (size_t i = 1; i < path->ports_n && path->ports[0].back >= 0; i++) {
		if (path->ports[i].back >= 0 && path->ports[i].back != path->ports[0].back)
			return false;
	}
	return true;
}

/* Whether the port under test drew what it should. A brief run does not mind who is dead. */
static bool is_well(const struct scene *scene, uint32_t s)
{
	const struct trace *t = scene->trace;
	const struct path *path = &scene->paths[s];
	const struct outcome *o = &path->ports[0].full;
	bool dead = t->run.brief && scene->conducts[s] == CONDUCT_ABSENT;
	if (o->reset || o->both || o->rejected || o->odd || o->refused ||
	    (o->sent > o->synack && !dead) || scene->here[s].kind || !is_level(path) ||
	    is_met(path))
		return false;
	PATH_EACH_PROBE(path, p)
	{
		if (is_deaf(t, p))
			return false;
	}
	return true;
}

/* Connections of other users, and of this one where there are no sessions. */
static bool are_connects_well(const struct trace *t)
{
	for (size_t i = 0; i < t->connects_n; i++) {
		const struct connect_result *c = &t->connects[i];
		bool waits = c->error == EINPROGRESS && t->last_ns - c->at_ns < WAIT_UNKNOWN_NS;
		if (c->error && !waits)
			return false;
	}
	return true;
}

bool calm_holds(const struct scene *scene)
{
	const struct trace *t = scene->trace;
	bool calm =
		t->run.polite && t->send_errors_n == 0 && t->unseen_n == 0 && are_connects_well(t);
	for (size_t i = 0; i < t->sessions_n && calm; i++)
		calm = t->sessions[i].end == SESSION_DONE;
	for (uint32_t s = 0; s < scene->n && calm; s++)
		calm = t->servers[s].peer != s || is_well(scene, s);
	return calm;
}

/* Ports that nobody counts cost nothing; nor does the hop before the server, by such a port. */
static void ask_free(struct asking *a, uint32_t s)
{
	const struct path *path = &a->scene->paths[s];
	const struct server *server = &path->trace->servers[s];
	for (size_t i = 1; i <= server->controls_n && i < path->ports_n; i++) {
		const struct port_count *c = &path->ports[i];
		if (!mail_is_counted(c->port) && ask_tried(&c->full) == 0)
			ask_full(a, s, c->port, 0);
	}
	if (mail_is_counted(path->control.port) || path->control.synack_ttl < 0)
		return;
	int far = ask_estimate(path) - 1;
	for (int ttl = far; ttl >= 1 && ttl > far - DISTANCE_STEP && ttl <= PATH_TTL_MAX; ttl--) {
		const struct outcome *o = &path->control.at[ttl];
		if (ask_tried(o) == 0)
			ask_control(a, s, ttl, 2);
		if (ask_tried(o) == 0 || o->pending || o->expired)
			return;
	}
}

/* The first SYN to the port, where no session brings it; a dead server's controls, too. */
static void ask_port(struct asking *a, uint32_t s)
{
	const struct path *path = &a->scene->paths[s];
	const struct outcome *o = &path->ports[0].full;
	if (ask_tried(o) == 0 && !mail_asks_first(path->trace, s))
		ask_full(a, s, path->target.port, 0);
	for (size_t i = 1; i < path->ports_n && o->sent > o->synack; i++) {
		if (ask_tried(&path->ports[i].full) == 0)
			ask_full(a, s, path->ports[i].port, 1);
	}
}

/* Whether the user's connection to the port of some server of the family was tried. */
static bool is_connected(const struct scene *scene, uint8_t family, uint32_t uid)
{
	const struct trace *t = scene->trace;
	for (size_t i = 0; i < t->connects_n; i++) {
		const struct connect_result *c = &t->connects[i];
		if (c->uid == uid && c->server < scene->n &&
		    scene_family(scene, c->server) == family)
			return true;
	}
	return false;
}

/* A user whose connection is still to be tried, at an answering server that had one look; the
 * sessions are the first user's own. */
static bool ask_user(struct asking *a, uint32_t s)
{
	const struct trace *t = a->scene->trace;
	for (size_t u = mail_asks_first(t, s) ? 1 : 0; u < t->users_n && u < LOCAL_USERS_MAX; u++) {
		if (is_connected(a->scene, scene_family(a->scene, s), t->users[u].uid))
			continue;
		if (a->n < a->cap)
			a->out[a->n++] = (struct question){
				.server = s,
				.kind = PROBE_KERNEL,
				.user = (uint8_t)u,
				.port = t->servers[s].port,
				.alone = true,
			};
		return true;
	}
	return false;
}

/* The TTL that ends at the last router before the server, as its control shows; 0: unknown. */
static int last_before(const struct path *path)
{
	int ttl = PATH_TTL_MAX;
	while (ttl > 0 && !path->control.at[ttl].expired)
		ttl--;
	return ttl;
}

/* Another flow to the server. */
static void ask_second(struct asking *a, uint32_t s)
{
	ask_full(a, s, a->scene->paths[s].target.port, 2);
}

/* SYNs that end at the last router: whoever answers, rejects or rewrites before it meets them. */
static bool ask_before(struct asking *a, uint32_t s)
{
	const struct path *path = &a->scene->paths[s];
	int ttl = last_before(path);
	if (ttl == 0 || path->control.at[ttl + 1].pending)
		return false;
	ask_one(a, (struct question){.server = s,
				     .port = path->target.port,
				     .ttl = (uint8_t)ttl,
				     .quiet = true,
				     .rank = 3});
	return true;
}

/* How often the port was asked so far: with SYNs that may arrive, and with others. */
static void count_looks(const struct path *path, unsigned *arriving, unsigned *ending)
{
	PATH_EACH_PROBE_TO(path, path->target.port, p)
	{
		if (path_slot(path->trace, p->ttl) == 0)
			(*arriving)++;
		else
			(*ending)++;
	}
}

/* How often the port under test may be asked still, and how often so that it ends on the way. */
struct looks {
	unsigned left, before;
	unsigned each; /* of the latter, at one server */
	bool user[2];  /* by family: somebody's connection was asked for now */
};

/* One look more at a server that answered once. */
static void look_again(struct asking *a, uint32_t s, struct looks *looks)
{
	const struct path *path = &a->scene->paths[s];
	bool *user = &looks->user[scene_family(a->scene, s) == 6];
	unsigned arriving = 0, ending = 0;
	count_looks(path, &arriving, &ending);
	if (arriving > 1 || (looks->left == 0 && *user))
		return;
	bool answered = path->ports[0].full.synack > 0;
	if (answered && !*user && ask_user(a, s))
		*user = true;
	else if (answered && looks->left > 0 && !path->trace->run.brief)
		ask_second(a, s);
	looks->left -= looks->left > 0;
}

static void look_before(struct asking *a, uint32_t s, struct looks *looks)
{
	unsigned arriving = 0, ending = 0;
	count_looks(&a->scene->paths[s], &arriving, &ending);
	bool answered = a->scene->paths[s].ports[0].full.synack > 0;
	if (!answered || looks->left == 0 || looks->before == 0 || ending >= looks->each ||
	    !ask_before(a, s))
		return;
	looks->left--;
	looks->before--;
}

void ask_calm(struct asking *a)
{
	const struct scene *scene = a->scene;
	unsigned arrived = 0, ended = 0, peers = 0;
	for (uint32_t s = 0; s < scene->n; s++) {
		unsigned arriving = 0;
		if (scene->trace->servers[s].peer != s)
			continue;
		ask_port(a, s);
		ask_free(a, s);
		count_looks(&scene->paths[s], &arriving, &ended);
		arrived += arriving ? arriving : 1;
		peers++;
	}
	unsigned most = peers < EXPIRIES_MAX && !scene->trace->run.brief ? EXPIRIES_MAX - peers : 0;
	struct looks looks = {
		.left = arrived + ended < CALLS_MAX ? CALLS_MAX - arrived - ended : 0,
		.before = most > ended ? most - ended : 0,
		.each = peers ? (most + peers - 1) / peers : 0,
	};
	for (uint32_t s = 0; s < scene->n; s++) {
		if (scene->trace->servers[s].peer == s)
			look_again(a, s, &looks);
	}
	for (uint32_t s = 0; s < scene->n; s++) {
		if (scene->trace->servers[s].peer == s)
			look_before(a, s, &looks);
	}
}

void calm_await(const struct scene *scene, struct agenda *agenda)
{
	const struct trace *t = scene->trace;
	for (uint32_t s = 0; s < scene->n; s++) {
		bool comes = mail_asks_first(t, s) && scene->paths[s].ports[0].full.asked == 0;
		if (t->servers[s].peer != s || !comes)
			continue;
		agenda->nobody = false;
		agenda->pending++;
		if (!agenda->due_ns || t->last_ns + SEEN_WITHIN_NS < agenda->due_ns)
			agenda->due_ns = t->last_ns + SEEN_WITHIN_NS;
	}
}
