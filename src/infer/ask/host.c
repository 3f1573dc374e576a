/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/ask/host.h"
#include "infer/host/signs.h"
#include "infer/numbers.h"
#include <errno.h>

static unsigned count_connects(const struct scene *scene, uint32_t s, uint16_t port, uint32_t uid)
{
	const struct trace *t = scene->trace;
	unsigned n = 0;
	for (size_t i = 0; i < t->connects_n; i++) {
		const struct connect_result *c = &t->connects[i];
		n += c->server < t->servers_n && c->port == port && c->uid == uid &&
		     t->servers[c->server].peer == t->servers[s].peer;
	}
	return n;
}

static bool is_answered(const struct path *path, uint16_t port)
{
	for (size_t i = 0; i < path->ports_n; i++) {
		if (path->ports[i].port == port)
			return path->ports[i].full.reached > 0;
	}
	return false;
}

/* Once; again where the connection's SYN left and drew nothing, but others are answered: lost. */
static bool is_worth_trying(const struct scene *scene, uint32_t s, uint16_t port,
			    const struct user *user)
{
	const struct path *path = &scene->paths[s];
	unsigned n = count_connects(scene, s, port, user->uid);
	if (n == 0 || n >= CONNECT_TRIES)
		return n == 0;
	struct sign_try try = signs_try(path, port, user);
	bool seen = false, ended = try.end == SIGN_HANGS || try.end == SIGN_FAILED;
	if (ended && !try.syn && port == scene->trace->servers[s].port)
		return local_unseen(scene->trace, s, user, &seen) < TELLS_LEAST;
	return try.end == SIGN_HANGS && try.syn && !try.answered && is_answered(path, port);
}

/* A connect() to the port as each user for whom that can still tell something. */
static void ask_port(struct asking *a, uint32_t s, uint16_t port)
{
	const struct trace *t = a->scene->trace;
	for (size_t u = 0; u < t->users_n && u < LOCAL_USERS_MAX; u++) {
		if (a->n >= a->cap || !is_worth_trying(a->scene, s, port, &t->users[u]))
			continue;
		a->out[a->n++] = (struct question){
			.server = s,
			.kind = PROBE_KERNEL,
			.user = (uint8_t)u,
			.port = port,
			.alone = true,
		};
	}
}

/* Whether the user's connection to some control port passed: then no other is needed. */
static bool has_control(const struct scene *scene, uint32_t s)
{
	const struct trace *t = scene->trace;
	for (size_t u = 0; u < t->users_n && u < LOCAL_USERS_MAX; u++) {
		struct sign_try try = signs_control(&scene->paths[s], &t->users[u]);
		if (!signs_passes(&try))
			return false;
	}
	return t->users_n > 0;
}

/* A server that proved dead is replaced by the next one. */
static bool is_worth(const struct scene *scene, uint32_t s)
{
	const struct port_count *c = &scene->paths[s].ports[0];
	bool fresh = c->full.sent + c->full.pending + c->full.refused == 0;
	return scene->trace->servers[s].peer == s &&
	       (fresh || scene->conducts[s] != CONDUCT_ABSENT);
}

void ask_host(struct asking *a, uint8_t family)
{
	const struct scene *scene = a->scene;
	unsigned taken = 0;
	for (uint32_t s = 0; s < scene->n && taken < TRIED_SERVERS; s++) {
		if (scene_family(scene, s) != family || !is_worth(scene, s))
			continue;
		taken++;
		ask_port(a, s, scene->trace->servers[s].port);
		if (scene->paths[s].control.port && !has_control(scene, s))
			ask_port(a, s, scene->paths[s].control.port);
	}
}

void ask_host_await(const struct scene *scene, struct agenda *agenda)
{
	const struct trace *t = scene->trace;
	for (size_t i = 0; i < t->connects_n; i++) {
		const struct connect_result *c = &t->connects[i];
		if (c->error != EINPROGRESS || c->server >= scene->n)
			continue;
		int64_t due = c->at_ns + scene->paths[c->server].wait_ns;
		if (due <= t->last_ns)
			continue;
		agenda->pending++;
		if (!agenda->due_ns || due < agenda->due_ns)
			agenda->due_ns = due;
	}
}

bool ask_host_beyond(const struct scene *scene)
{
	for (uint32_t s = 0; s < scene->n; s++) {
		if (scene->here[s].kind && scene->here[s].beyond_by_link)
			return scene->trace->run.bypass;
	}
	return false;
}
