/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/tell/facts.h"
#include "infer/tell/advice.h"
#include "infer/tell/host.h"
#include <errno.h>
#include <string.h>

#define FACTS_MAX 512

static void add(struct result *out, const struct host_fact *item)
{
	if (out->facts_n < FACTS_MAX)
		out->facts[out->facts_n++] = *item;
}

static bool is_new(const struct scene *scene, uint32_t s)
{
	for (uint32_t other = 0; other < s; other++) {
		const struct local_finding *a = &scene->here[other], *b = &scene->here[s];
		if (a->kind == b->kind && a->user == b->user &&
		    scene_family(scene, other) == scene_family(scene, s) &&
		    scene->trace->servers[other].port == scene->trace->servers[s].port)
			return false;
	}
	return true;
}

/* Once a family, port and kind: every server shows the same. */
static void add_findings(const struct scene *scene, struct result *out)
{
	for (uint32_t s = 0; s < scene->n; s++) {
		const struct local_finding *f = &scene->here[s];
		if (!f->kind || !is_new(scene, s))
			continue;
		const struct filter_rule *rule = host_rule(scene, s);
		add(out, &(struct host_fact){
				 .kind = local_name(f->kind),
				 .text = host_sentence(scene, s, &out->arena),
				 .server = TRACE_NONE,
				 .port = scene->trace->servers[s].port,
				 .error = f->error,
				 .user = f->user ? host_user(f->user, &out->arena) : NULL,
				 .rule = rule ? arena_copy(&out->arena, rule->text) : NULL,
				 .command = rule && rule->command
						    ? arena_copy(&out->arena, rule->command)
						    : NULL,
			 });
	}
}

/* Whether the machine behind a container may have to do with the verdict. */
static bool concerns_nearest(const struct judgement *j)
{
	return j->mechanism == MECHANISM_NO_NETWORK ||
	       (j->state != STATE_OPEN && advice_suspects(j, BLOCKER_LOCAL_NETWORK));
}

static void add_notes(const struct trace *t, struct result *out)
{
	for (size_t i = 0; i < t->notes_n; i++) {
		const struct note *n = &t->notes[i];
		if (strcmp(n->kind, "container") == 0 && !concerns_nearest(&out->verdict.judgement))
			continue;
		add(out, &(struct host_fact){
				 .kind = arena_copy(&out->arena, n->kind),
				 .text = arena_copy(&out->arena, n->text),
				 .server = n->server < t->servers_n ? n->server : TRACE_NONE,
				 .port = n->port,
			 });
	}
}

static const char *end_text(const struct connect_result *c, struct arena *arena)
{
	if (c->error == 0)
		return "connected";
	if (c->error == EINPROGRESS)
		return arena_printf(arena, "no outcome within %d ms", (int)(c->took_ns / 1000000));
	return host_errno(c->error, arena);
}

/* The host's own connections, one a fact. */
static void add_connects(const struct trace *t, struct result *out)
{
	struct arena *arena = &out->arena;
	for (size_t i = 0; i < t->connects_n; i++) {
		const struct connect_result *c = &t->connects[i];
		struct user user = {.uid = c->uid, .name = c->user};
		if (c->error == ECANCELED || c->server >= t->servers_n)
			continue;
		add(out, &(struct host_fact){
				 .kind = "connect",
				 .text = arena_printf(arena, "connect() to %s port %u as %s: %s.",
						      t->servers[c->server].host, c->port,
						      host_user(&user, arena), end_text(c, arena)),
				 .server = c->server,
				 .port = c->port,
				 .error = c->error == EINPROGRESS ? 0 : c->error,
				 .user = host_user(&user, arena),
			 });
	}
}

static unsigned count_errors(const struct trace *t, uint16_t port, int error)
{
	unsigned n = 0;
	for (size_t i = 0; i < t->send_errors_n; i++)
		n += t->send_errors[i].port == port && t->send_errors[i].error == error;
	return n;
}

static const char *unsent_text(const struct trace *t, const struct send_error *e,
			       struct arena *arena)
{
	unsigned n = count_errors(t, e->port, e->error);
	return arena_printf(arena,
			    "%u test packet%s (SYNs) to port %u %s refused on the usual way out of "
			    "this host: %s.",
			    n, n == 1 ? "" : "s", e->port, n == 1 ? "was" : "were",
			    host_errno(e->error, arena));
}

/* Once a port and errno. */
static void add_send_errors(const struct trace *t, struct result *out)
{
	struct arena *arena = &out->arena;
	for (size_t i = 0; i < t->send_errors_n; i++) {
		const struct send_error *e = &t->send_errors[i];
		bool fresh = true;
		for (size_t k = 0; k < i && fresh; k++)
			fresh = t->send_errors[k].port != e->port ||
				t->send_errors[k].error != e->error;
		if (!fresh)
			continue;
		add(out, &(struct host_fact){
				 .kind = "send-error",
				 .text = unsent_text(t, e, arena),
				 .server = TRACE_NONE,
				 .port = e->port,
				 .error = e->error,
			 });
	}
}

int host_facts(const struct scene *scene, struct result *out)
{
	out->facts = arena_alloc(&out->arena, FACTS_MAX * sizeof(*out->facts));
	if (!out->facts)
		return -1;
	out->facts_n = 0;
	add_findings(scene, out);
	add_notes(scene->trace, out);
	add_send_errors(scene->trace, out);
	add_connects(scene->trace, out);
	return 0;
}
