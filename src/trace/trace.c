/* SPDX-License-Identifier: BSD-2-Clause */
#include "trace/trace.h"
#include "base/array.h"
#include "trace/overhear.h"
#include "trace/room.h"
#include <stdlib.h>
#include <string.h>

#define FACTS_MAX 65536 /* of one kind: more is no measurement of ours */

void trace_init(struct trace *t)
{
	*t = (struct trace){.run = {.port = 587, .families = 3, .routed = 3}};
}

void trace_free(struct trace *t)
{
	free(t->servers);
	free(t->probes);
	free(t->replies);
	free(t->networks);
	free(t->ranges);
	free(t->send_errors);
	free(t->unseen);
	free(t->users);
	free(t->connects);
	free(t->flow_routes);
	free(t->filter_rules);
	free(t->counters);
	free(t->strays);
	free(t->drops);
	free(t->routes);
	free(t->names);
	free(t->notes);
	free(t->sessions);
	free(t->flow_packets);
	free(t->policies);
	overhear_free(t);
	free(t->buckets);
	free(t->server_slots);
	arena_free(&t->strings);
	*t = (struct trace){0};
}

bool room_below(struct trace *t, size_t n, size_t max)
{
	t->full = t->full || n >= max;
	return n < max;
}

bool room_grow(struct trace *t, void *items, size_t *cap, size_t n, size_t size)
{
	bool grown = array_reserve(items, cap, n + 1, size);

	t->failed = t->failed || !grown;
	return grown;
}

const char *room_keep(struct trace *t, const char *s, const char *missing)
{
	const char *text = s ? s : missing;

	return text ? arena_copy(&t->strings, text) : NULL;
}

bool room_kept(struct trace *t)
{
	t->failed = t->failed || t->strings.failed;
	return !t->strings.failed;
}

bool trace_add_network(struct trace *t, const struct network *item)
{
	if (!ROOM(t, networks, FACTS_MAX))
		return false;
	struct network *n = &t->networks[t->networks_n++];
	*n = *item;
	n->name = room_keep(t, item->name, NULL);
	return room_kept(t);
}

bool trace_add_range(struct trace *t, const struct port_range *item)
{
	if (!ROOM(t, ranges, FACTS_MAX))
		return false;
	t->ranges[t->ranges_n++] = *item;
	return true;
}

bool trace_add_send_error(struct trace *t, const struct send_error *item)
{
	if (!ROOM(t, send_errors, FACTS_MAX))
		return false;
	t->send_errors[t->send_errors_n++] = *item;
	return true;
}

bool trace_add_connect(struct trace *t, const struct connect_result *item)
{
	if (!ROOM(t, connects, FACTS_MAX))
		return false;
	struct connect_result *c = &t->connects[t->connects_n++];
	*c = *item;
	c->user = room_keep(t, item->user, "");
	return room_kept(t);
}

bool trace_add_drop(struct trace *t, const struct drop_window *item)
{
	if (!ROOM(t, drops, FACTS_MAX))
		return false;
	t->drops[t->drops_n++] = *item;
	return true;
}

bool trace_add_route(struct trace *t, const struct route *item)
{
	if (!ROOM(t, routes, FACTS_MAX))
		return false;
	struct route *r = &t->routes[t->routes_n++];
	*r = *item;
	r->interface = room_keep(t, item->interface, "");
	return room_kept(t);
}

bool trace_add_name(struct trace *t, const struct name *item)
{
	if (!ROOM(t, names, FACTS_MAX))
		return false;
	struct name *n = &t->names[t->names_n++];
	*n = *item;
	n->text = room_keep(t, item->text, "");
	return room_kept(t);
}

bool trace_add_note(struct trace *t, const struct note *item)
{
	if (!ROOM(t, notes, FACTS_MAX))
		return false;
	struct note *n = &t->notes[t->notes_n++];
	*n = *item;
	n->kind = room_keep(t, item->kind, "note");
	n->text = room_keep(t, item->text, "");
	return room_kept(t);
}

bool trace_add_session(struct trace *t, const struct session *item)
{
	if (!ROOM(t, sessions, TRACE_SESSIONS_MAX))
		return false;
	struct session *s = &t->sessions[t->sessions_n++];
	*s = *item;
	s->lines = room_keep(t, item->lines, NULL);
	s->version = room_keep(t, item->version, NULL);
	s->chain = room_keep(t, item->chain, NULL);
	return room_kept(t);
}

bool trace_add_policy(struct trace *t, const struct policy *item)
{
	if (!ROOM(t, policies, FACTS_MAX))
		return false;
	struct policy *p = &t->policies[t->policies_n++];
	*p = *item;
	p->network = room_keep(t, item->network, NULL);
	p->operator= room_keep(t, item->operator, "");
	p->ports = room_keep(t, item->ports, "");
	p->unblock = room_keep(t, item->unblock, NULL);
	p->source = room_keep(t, item->source, NULL);
	p->date = room_keep(t, item->date, NULL);
	return room_kept(t);
}

enum probe_kind trace_port_kind(const struct trace *t, uint16_t src_port)
{
	for (size_t i = 0; i < t->ranges_n; i++) {
		const struct port_range *r = &t->ranges[i];
		if (src_port >= r->first && src_port <= r->last)
			return r->kind;
	}
	return PROBE_FOREIGN;
}

const struct network *trace_network(const struct trace *t, const struct addr *addr)
{
	const struct network *best = NULL;
	for (size_t i = 0; i < t->networks_n; i++) {
		const struct network *n = &t->networks[i];
		if (!prefix_contains(&n->prefix, addr))
			continue;
		bool wins = !best || (n->by_user && !best->by_user) ||
			    (n->by_user == best->by_user && n->prefix.len > best->prefix.len);
		if (wins)
			best = n;
	}
	return best;
}

const char *trace_name(const struct trace *t, const struct addr *addr)
{
	for (size_t i = 0; i < t->names_n; i++) {
		if (addr_equal(&t->names[i].addr, addr))
			return t->names[i].text;
	}
	return NULL;
}

const struct route *trace_route(const struct trace *t, uint8_t family)
{
	for (size_t i = 0; i < t->routes_n; i++) {
		if (t->routes[i].family == family)
			return &t->routes[i];
	}
	return NULL;
}

void trace_clock(struct trace *t, int64_t now_ns)
{
	t->changes++;
	if (now_ns > t->last_ns)
		t->last_ns = now_ns;
}

bool trace_lossy(const struct trace *t, int64_t from_ns, int64_t to_ns)
{
	/* A SYN whose answers are no longer recorded must not look unanswered. */
	if (t->replies_n >= TRACE_REPLIES_MAX && to_ns >= t->newest_reply_ns)
		return true;
	for (size_t i = 0; i < t->drops_n; i++) {
		if (t->drops[i].from_ns <= to_ns && t->drops[i].to_ns >= from_ns)
			return true;
	}
	return false;
}

static const char *const segment_names[SEGMENT_COUNT] = {
	[SEGMENT_HOST] = "local-host", [SEGMENT_LOCAL] = "local-network", [SEGMENT_ISP] = "isp",
	[SEGMENT_TRANSIT] = "transit", [SEGMENT_REMOTE] = "remote",
};

const char *segment_name(enum segment s)
{
	return segment_names[s];
}

bool segment_parse(const char *s, enum segment *out)
{
	for (int i = 0; i < SEGMENT_COUNT; i++) {
		if (strcmp(s, segment_names[i]) == 0) {
			*out = (enum segment)i;
			return true;
		}
	}
	return false;
}
