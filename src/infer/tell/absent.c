/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/tell/absent.h"
#include "base/text.h"
#include "infer/numbers.h"
#include "infer/tell/host.h"
#include "infer/tell/proof.h"
#include <errno.h>
#include <string.h>

/* Who was asked for, and does not only help. */
static bool is_meant(const struct scene *scene, uint32_t s)
{
	const struct server *server = &scene->trace->servers[s];
	return !server->dark && (!scene->trace->run.hosts_given || !server->reference);
}

/* Servers that answered on some port, of those that were meant or of all. */
static unsigned alive(const struct scene *scene, bool meant)
{
	unsigned n = 0;
	for (uint32_t s = 0; s < scene->n; s++)
		n += scene_votes(scene, s) && (!meant || is_meant(scene, s));
	return n;
}

static bool is_dead(const struct scene *scene, uint32_t s)
{
	return is_meant(scene, s) && !scene_votes(scene, s);
}

/* What the SYNs to all ports of a server drew in place of an acceptance, NULL: nothing. */
static const char *refusals_of(const struct path *path)
{
	bool reset = false, rejected = false, silent = false;
	for (size_t i = 0; i < path->ports_n; i++) {
		const struct outcome *o = &path->ports[i].full;
		reset = reset || o->reset;
		rejected = rejected || o->rejected;
		silent = silent || (o->sent && !o->answered && !o->rejected);
	}
	if (rejected)
		return silent ? "ICMP rejects some, and nothing answers the others"
			      : "ICMP rejects them";
	if (reset)
		return silent ? "resets answer some, and nothing the others" : "resets answer them";
	return NULL;
}

/* The first server whose controls this host refuses, TRACE_NONE: it refuses none. */
static uint32_t forbidden_at(const struct scene *scene)
{
	for (uint32_t s = 0; s < scene->n; s++) {
		if (scene->here[s].kind == LOCAL_CONTROLS)
			return s;
	}
	return TRACE_NONE;
}

/* Whether this host's own firewall refused every SYN. */
static bool refused_all(const struct scene *scene)
{
	const struct trace *t = scene->trace;
	for (uint32_t s = 0; s < scene->n; s++) {
		if (scene->here[s].kind)
			return false;
	}
	for (size_t i = 0; i < t->send_errors_n; i++) {
		if (t->send_errors[i].error != EPERM)
			return false;
	}
	return t->probes_n == 0 && t->send_errors_n > 0;
}

/* A rule of its that may have done it, NULL: none is known. */
static const struct filter_rule *refusing_rule(const struct trace *t)
{
	for (size_t i = 0; i < t->filter_rules_n; i++) {
		const struct filter_rule *r = &t->filter_rules[i];
		if (host_refuses(r) && r->hook == HOOK_OUTPUT && !r->by_owner)
			return r;
	}
	return NULL;
}

const char *absent_sentence(const struct scene *scene, struct arena *arena)
{
	const struct trace *t = scene->trace;
	unsigned port = t->run.port, others = alive(scene, false);
	uint32_t dead = TRACE_NONE;
	for (uint32_t s = 0; s < scene->n && dead == TRACE_NONE; s++)
		dead = is_dead(scene, s) ? s : dead;
	if (forbidden_at(scene) != TRACE_NONE)
		return host_sentence(scene, forbidden_at(scene), arena);
	if (refused_all(scene))
		return arena_say(arena,
				 "Nothing can be said of port %u beyond this host: its own "
				 "firewall refuses every SYN, to this port and to the control "
				 "ports.",
				 port);
	if (dead == TRACE_NONE && trace_note(t, "route"))
		return arena_say(arena,
				 "Nothing can be said of port %u: this host has no route to any of "
				 "the servers.",
				 port);
	if (dead == TRACE_NONE && trace_note(t, "dns"))
		return arena_say(
			arena,
			"Nothing can be said of port %u: no name that was asked for has an "
			"address.",
			port);
	if (dead == TRACE_NONE || others == 0)
		return arena_say(arena,
				 "Nothing can be said of port %u: the control ports get no "
				 "answer either.",
				 port);
	if (refusals_of(&scene->paths[dead]))
		return arena_say(arena,
				 "Nothing can be said of port %u: %s accepts on no port, while "
				 "other servers do.",
				 t->servers[dead].port, t->servers[dead].host);
	return arena_say(arena,
			 "Nothing can be said of port %u: %s answers on no port, while other "
			 "servers do.",
			 t->servers[dead].port, t->servers[dead].host);
}

static void tell(struct arena *arena, struct verdict *verdict, const char *text, uint32_t server)
{
	proof_reason(arena, verdict, (struct reason){"no-answer", text, server, NULL, 0}, NULL);
}

/* "mail.example.org (192.0.2.1) answers on none of the ports 587, 993." */
static void tell_dead(const struct scene *scene, uint32_t s, struct arena *arena,
		      struct verdict *verdict)
{
	const struct server *server = &scene->trace->servers[s];
	const struct path *path = &scene->paths[s];
	struct text ports = {0}, who = {0};
	const char *refusals = refusals_of(path);
	struct proof proof = {0};
	char buf[ADDR_TEXT_BYTES];
	const char *addr = addr_text(&server->addr, buf);
	for (size_t i = 0; i < path->ports_n; i++) {
		if (path->ports[i].full.asked)
			text_addf(&ports, "%s%u", ports.len ? ", " : "", path->ports[i].port);
		struct proof_range full = {path->ports[i].port, 0, 0};
		proof_silent(&proof, path, full);
	}
	text_add(&who, server->host);
	if (strcmp(addr, server->host) != 0)
		text_addf(&who, " (%s)", addr);
	const char *text =
		ports.len && refusals
			? arena_printf(arena, "%s accepts on none of the ports %s: %s.",
				       text_str(&who), text_str(&ports), refusals)
		: ports.len ? arena_printf(arena, "%s answers on none of the ports %s.",
					   text_str(&who), text_str(&ports))
			    : arena_printf(arena, "%s was not asked: nothing left this host.",
					   text_str(&who));
	text_free(&ports);
	text_free(&who);
	proof_reason(arena, verdict, (struct reason){"no-answer", text, s, NULL, 0}, &proof);
}

static void tell_notes(const struct trace *t, const char *kind, struct arena *arena,
		       struct verdict *verdict)
{
	for (size_t i = 0; i < t->notes_n; i++) {
		if (strcmp(t->notes[i].kind, kind) == 0)
			tell(arena, verdict, arena_printf(arena, "%s.", t->notes[i].text),
			     TRACE_NONE);
	}
}

void absent_names(const struct scene *scene, struct arena *arena, struct verdict *verdict)
{
	unsigned dead = 0;
	if (!scene->trace->run.hosts_given)
		return;
	tell_notes(scene->trace, "dns", arena, verdict);
	for (uint32_t s = 0; s < scene->n; s++) {
		if (is_dead(scene, s) && dead++ < NAMED_MOST)
			tell_dead(scene, s, arena, verdict);
	}
}

void absent_reasons(const struct scene *scene, struct arena *arena, struct verdict *verdict)
{
	const struct trace *t = scene->trace;
	unsigned dead = 0, others = alive(scene, false);
	tell_notes(t, "dns", arena, verdict);
	if (others == 0)
		tell_notes(t, "name", arena, verdict);
	tell_notes(t, "route", arena, verdict);
	for (uint32_t s = 0; s < scene->n; s++) {
		if (!is_dead(scene, s))
			continue;
		if (dead++ < NAMED_MOST && (others || t->run.hosts_given))
			tell_dead(scene, s, arena, verdict);
	}
	const struct filter_rule *rule = refusing_rule(t);
	if (refused_all(scene))
		tell(arena, verdict,
		     arena_printf(arena,
				  "The kernel refused every SYN, %s: none left this host.%s%s",
				  host_errno(EPERM, arena), rule ? " The rule: " : "",
				  rule ? rule->text : ""),
		     TRACE_NONE);
	else if (others == 0 && scene->n)
		tell(arena, verdict, "No server answered on any port.", TRACE_NONE);
	else if (others && alive(scene, true) == 0)
		tell(arena, verdict,
		     arena_printf(arena, "%u of %u servers answer: this host's network works.",
				  others, (unsigned)scene->n),
		     TRACE_NONE);
}

const char *absent_command(const struct scene *scene, struct arena *arena)
{
	const struct filter_rule *rule = refusing_rule(scene->trace);
	if (!refused_all(scene) || !rule || !rule->command)
		return NULL;
	return arena_say(arena, "Allow it on this host: %s", rule->command);
}

const char *absent_advice(const struct scene *scene)
{
	const struct trace *t = scene->trace;
	bool names = trace_note(t, "dns") != NULL, some_dead = false;
	for (uint32_t s = 0; s < scene->n; s++)
		some_dead |= is_dead(scene, s);
	if (alive(scene, false) > 0 && names && !some_dead)
		return N_(
			"Check the names, and the resolver that this host asks (on Linux mostly in "
			"/etc/resolv.conf), or give addresses; this host's network works.");
	if (refused_all(scene))
		return N_("Let one control port out as well (993 or 443), and run this again: "
			  "nothing beyond this host was tested.");
	if (forbidden_at(scene) != TRACE_NONE)
		return N_(
			"Let one control port out of this host (on nftables: tcp dport 443 accept, "
			"before the rule that refuses), or name one that is let out with "
			"--control; without --no-bypass the comparison is made past the firewall.");
	if (alive(scene, false) > 0)
		return N_(
			"Check the name and the address with the server's operator, and whether it "
			"is up: it is dead, or nobody lets this host's packets to it; this host's "
			"network works.");
	if (scene->n == 0 && trace_note(t, "route"))
		return N_("Give this host a route first (ip route), then run this again.");
	if (scene->n == 0 && names)
		return N_("Make the look-up of names work first (the resolver that this host asks, "
			  "on "
			  "Linux mostly in /etc/resolv.conf), or name servers by their addresses; "
			  "then run this again.");
	return t->run.own ? N_("Make the network work first, then run this again.")
			  : N_("Make the network work first, then capture again.");
}
