/* SPDX-License-Identifier: BSD-2-Clause */
/* From one server's evidence to a finding, and from the servers tried to the others. */
#include "infer/host/limit.h"
#include "infer/host/local.h"
#include "infer/host/signs.h"
#include "infer/numbers.h"
#include <errno.h>

/* Everything that the predicates look at, of one server. */
static void collect(const struct trace *t, const struct path *path, struct local_case *c)
{
	*c = (struct local_case){.path = path, .users = t->users, .users_n = t->users_n};
	if (c->users_n > LOCAL_USERS_MAX)
		c->users_n = LOCAL_USERS_MAX;
	c->raw_target = signs_raw(path, path->target.port);
	if (path->control.port)
		c->raw_control = signs_raw(path, path->control.port);
	for (size_t u = 0; u < c->users_n; u++) {
		c->target[u] = signs_try(path, path->target.port, &t->users[u]);
		c->control[u] = signs_control(path, &t->users[u]);
	}
}

/* A packet on the loopback interface is proof of every mechanism that leaves one. */
static void add_stray(const struct trace *t, const struct path *path, struct local_finding *out)
{
	for (size_t i = 0; i < t->strays_n && out->frames_n < 4; i++) {
		const struct stray *s = &t->strays[i];
		bool ours = s->kind == STRAY_SYN || s->server == path->server;
		bool fits = out->mechanism == MECHANISM_REDIRECT      ? s->kind == STRAY_SYN
			    : out->mechanism == MECHANISM_TCP_RESET   ? s->kind == STRAY_RESET
			    : out->mechanism == MECHANISM_ICMP_REJECT ? s->kind == STRAY_ICMP
								      : false;
		if (ours && fits)
			out->frames[out->frames_n++] = (struct frame_ref){s->file, s->frame};
	}
}

/* The first row that holds on a server's own evidence; false: none does. */
static bool find_own(const struct trace *t, const struct path *path, struct local_finding *out)
{
	struct local_case c;
	size_t n;
	const struct local_rule *rules = local_rules(&n);
	collect(t, path, &c);
	for (size_t i = 0; i < n; i++) {
		*out = (struct local_finding){.state = STATE_BLOCKED};
		if (!rules[i].holds(&c, out))
			continue;
		if (!out->kind)
			out->kind = rules[i].kind;
		local_amend_queue(&c, out);
		add_stray(t, path, out);
		return true;
	}
	*out = (struct local_finding){0};
	return false;
}

/* Whether some user's connection to the port under test of this server has an outcome. */
static bool was_tried(const struct trace *t, const struct path *path)
{
	for (size_t u = 0; u < t->users_n; u++) {
		enum sign_end end = signs_try(path, path->target.port, &t->users[u]).end;
		if (end != SIGN_NONE && end != SIGN_WAITING)
			return true;
	}
	return false;
}

static bool same_question(const struct trace *t, size_t a, size_t b)
{
	return t->servers[a].addr.family == t->servers[b].addr.family &&
	       t->servers[a].port == t->servers[b].port;
}

/* A connection that vanishes at one server and passes at another vanished by chance, or by a rule
 * for one address: too little to name a rule for the port. */
static bool is_contradicted(const struct trace *t, const struct path *paths, size_t n, size_t s,
			    const struct local_finding *f)
{
	bool alone = f->kind == LOCAL_DROP || f->kind == LOCAL_QUEUE;
	bool fragile = f->user || (alone && !f->beyond_by_link);
	for (size_t other = 0; other < n && fragile; other++) {
		if (other == s || !same_question(t, s, other))
			continue;
		for (size_t u = 0; u < t->users_n && u < LOCAL_USERS_MAX; u++) {
			const struct user *user = &t->users[u];
			bool blamed = !f->user || f->user == user;
			if (blamed &&
			    signs_try(&paths[other], paths[other].target.port, user).end == SIGN_OK)
				return true;
		}
	}
	return false;
}

/* What a server says of another server's finding. */
enum opinion { OPINION_NONE, OPINION_AGREES, OPINION_DIFFERS };

/* Whether a try may have ended like this where the finding holds. */
static bool fits(const struct local_finding *f, const struct sign_try *try)
{
	bool leaves = f->hook == HOOK_INPUT || f->hook == HOOK_ROUTE;
	switch (try->end) {
	case SIGN_NONE:
	case SIGN_WAITING:
		return true;
	case SIGN_OK:
		return false;
	case SIGN_HANGS:
		return try->lossy || leaves || !try->syn;
	case SIGN_FAILED:
		return f->error && try->connect->error == f->error;
	}
	return false;
}

/* What a server's evidence says of a finding on another one. */
static enum opinion opinion_of(const struct trace *t, const struct path *path,
			       const struct local_finding *own, const struct local_finding *f)
{
	if (own->kind)
		return own->kind == f->kind && !own->beyond_by_link ? OPINION_AGREES
								    : OPINION_DIFFERS;
	if (!was_tried(t, path))
		return OPINION_NONE;
	for (size_t u = 0; u < t->users_n && u < LOCAL_USERS_MAX; u++) {
		struct sign_try try = signs_try(path, path->target.port, &t->users[u]);
		if (!fits(f, &try))
			return OPINION_DIFFERS;
	}
	return OPINION_NONE;
}

/* What other servers show of the same question, unless anything known of any contradicts it. */
static const struct local_finding *borrow(const struct trace *t, const struct path *paths, size_t n,
					  size_t s, const struct local_finding *found)
{
	const struct local_finding *f = NULL;
	for (size_t other = 0; other < n && !f; other++) {
		if (same_question(t, s, other) && found[other].kind && !found[other].beyond_by_link)
			f = &found[other];
	}
	for (size_t other = 0; other < n && f; other++) {
		if (same_question(t, s, other) &&
		    opinion_of(t, &paths[other], &found[other], f) == OPINION_DIFFERS)
			f = NULL;
	}
	return f;
}

unsigned local_unseen(const struct trace *t, size_t s, const struct user *user, bool *seen)
{
	unsigned n = 0;
	for (size_t i = 0; i < t->connects_n; i++) {
		const struct connect_result *c = &t->connects[i];
		if (c->server >= t->servers_n || c->port != t->servers[s].port ||
		    !same_question(t, s, c->server) || (user && user->uid != c->uid) ||
		    c->error == ECANCELED)
			continue;
		if (trace_find_tuple(t, &t->servers[c->server].addr, c->port, c->src_port) !=
		    TRACE_NONE)
			*seen = true;
		else
			n++;
	}
	return n;
}

/* What rests on a connection whose SYN nobody saw, and on nothing else, rests on two: one frame may
 * be missing in any capture. */
static bool is_too_little(const struct trace *t, const struct path *path,
			  const struct local_finding *f)
{
	bool missing = false, seen = false;
	for (size_t u = 0; u < t->users_n && u < LOCAL_USERS_MAX; u++) {
		if (f->user && f->user != &t->users[u])
			continue;
		struct sign_try try = signs_try(path, path->target.port, &t->users[u]);
		if (try.syn || try.resets || try.errors || try.elsewhere)
			return false;
		missing = missing || try.connect;
	}
	unsigned unseen = local_unseen(t, path->server, f->user, &seen);
	return f->kind && missing && !f->beyond_by_link && f->state == STATE_BLOCKED &&
	       (seen || unseen < TELLS_LEAST);
}

/* How a refusal of the raw socket shows beside it. */
static enum filter_action refusal_of(const struct path *path)
{
	struct sign_raw raw = signs_raw(path, path->target.port);
	return raw.resets ? FILTER_RESET : raw.errors ? FILTER_REJECT : FILTER_DROP;
}

/*
 * What is refused at some times alone, or where the comparison alone is refused. A limit is one for
 * all servers that are asked alike.
 */
static void find_limits(const struct trace *t, const struct path *paths, size_t n,
			struct local_finding *out)
{
	bool limited = false;
	for (size_t s = 0; s < n && t->send_errors_n > 0; s++) {
		if (s == 0 || !same_question(t, s, s - 1))
			limited = limit_used_up(&paths[s]);
		if (limited && out[s].kind != LOCAL_TABLE_FULL)
			out[s] = (struct local_finding){
				.kind = LOCAL_LIMIT,
				.state = STATE_DEGRADED,
				.mechanism = MECHANISM_RATE_LIMIT,
				.beyond_by_link = true,
				.hook = HOOK_OUTPUT,
				.action = refusal_of(&paths[s]),
				.error = EPERM,
			};
		else if (!out[s].kind && limit_forbids_controls(&paths[s]))
			out[s] = (struct local_finding){
				.kind = LOCAL_CONTROLS,
				.state = STATE_UNKNOWN,
				.mechanism = MECHANISM_UNKNOWN,
				.beyond_by_link = true,
				.hook = HOOK_OUTPUT,
				.action = FILTER_DROP,
				.error = EPERM,
			};
	}
}

void local_find(const struct trace *t, const struct path *paths, size_t n,
		struct local_finding *out)
{
	const struct local_finding *f = NULL;
	size_t known = n;
	for (size_t s = 0; s < n; s++) {
		find_own(t, &paths[s], &out[s]);
		if (is_contradicted(t, paths, n, s, &out[s]) ||
		    is_too_little(t, &paths[s], &out[s]))
			out[s] = (struct local_finding){0};
	}
	find_limits(t, paths, n, out);
	for (size_t s = 0; s < n && t->connects_n > 0; s++) {
		if (out[s].kind)
			continue;
		if (known == n || !same_question(t, s, known))
			f = borrow(t, paths, n, s, out);
		known = s;
		if (f)
			out[s] = *f;
	}
}

/* A session is a connection as well. */
static bool any_session(const struct trace *t, size_t s)
{
	for (size_t i = 0; i < t->sessions_n; i++) {
		const struct session *one = &t->sessions[i];
		if (one->server < t->servers_n && one->port == t->servers[s].port &&
		    one->connected_ns > 0 && same_question(t, s, one->server))
			return true;
	}
	return false;
}

/* Whether the connection's user gets to its port; if not, whether that was seen to fail. */
static bool passes(const struct trace *t, const struct path *path, const struct connect_result *c,
		   bool *failed)
{
	for (size_t u = 0; u < t->users_n; u++) {
		if (t->users[u].uid != c->uid)
			continue;
		struct sign_try try = signs_try(path, c->port, &t->users[u]);
		if (signs_passes(&try))
			return true;
		bool hangs = try.end == SIGN_HANGS && !try.answered && !try.lossy;
		*failed = *failed || hangs || try.end == SIGN_FAILED;
	}
	return false;
}

bool local_connects_fail(const struct trace *t, const struct path *paths, size_t s)
{
	bool failed = false, others = false;
	for (size_t i = 0; i < t->connects_n; i++) {
		const struct connect_result *c = &t->connects[i];
		if (c->server >= t->servers_n || !same_question(t, s, c->server))
			continue;
		/* Where the engine's own SYNs draw nothing either, it is not this host. */
		bool answers = paths[c->server].target.at[0].synack > 0;
		if (c->port != t->servers[s].port)
			others = others || c->error == 0;
		else if (answers && passes(t, &paths[c->server], c, &failed))
			return false;
	}
	return failed && others && !any_session(t, s);
}
