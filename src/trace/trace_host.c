/* SPDX-License-Identifier: BSD-2-Clause */
/* Facts and packets that tell what this host itself does with its SYNs. */
#include "trace/room.h"
#include <string.h>

#define ITEMS_MAX 8192 /* of one kind: more is no measurement of ours */

void trace_end_connect(struct trace *t, uint32_t index, int error, int64_t took_ns)
{
	if (index >= t->connects_n)
		return;
	t->connects[index].error = error;
	t->connects[index].took_ns = took_ns;
	t->connects_done++;
}

bool trace_add_unseen(struct trace *t, const struct unseen *item)
{
	if (!ROOM(t, unseen, ITEMS_MAX))
		return false;
	t->unseen[t->unseen_n++] = *item;
	return true;
}

bool trace_add_user(struct trace *t, const struct user *item)
{
	if (!ROOM(t, users, ITEMS_MAX))
		return false;
	struct user *u = &t->users[t->users_n++];
	*u = *item;
	u->name = room_keep(t, item->name, "");
	return room_kept(t);
}

bool trace_add_flow_route(struct trace *t, const struct flow_route *item)
{
	if (!ROOM(t, flow_routes, ITEMS_MAX))
		return false;
	struct flow_route *r = &t->flow_routes[t->flow_routes_n++];
	*r = *item;
	r->interface = room_keep(t, item->interface, "");
	return room_kept(t);
}

bool trace_add_filter_rule(struct trace *t, const struct filter_rule *item)
{
	if (!ROOM(t, filter_rules, ITEMS_MAX))
		return false;
	struct filter_rule *r = &t->filter_rules[t->filter_rules_n++];
	*r = *item;
	r->text = room_keep(t, item->text, "");
	r->command = room_keep(t, item->command, NULL);
	r->advice = room_keep(t, item->advice, NULL);
	r->program = room_keep(t, item->program, NULL);
	return room_kept(t);
}

bool trace_add_counter(struct trace *t, const struct counter *item)
{
	if (!ROOM(t, counters, ITEMS_MAX))
		return false;
	struct counter *c = &t->counters[t->counters_n++];
	*c = *item;
	c->name = room_keep(t, item->name, "");
	return room_kept(t);
}

bool trace_add_stray(struct trace *t, const struct stray *item)
{
	if (!ROOM(t, strays, ITEMS_MAX))
		return false;
	t->strays[t->strays_n++] = *item;
	return true;
}

uint32_t trace_find_probe(const struct trace *t, const struct addr *server, uint16_t dst_port,
			  uint16_t src_port, uint32_t seq)
{
	for (uint32_t at = trace_find_tuple(t, server, dst_port, src_port); at != TRACE_NONE;
	     at = t->probes[at].next_in_tuple) {
		if (t->probes[at].seq == seq)
			return at;
	}
	return TRACE_NONE;
}

int64_t trace_counter(const struct trace *t, const char *name)
{
	for (size_t i = t->counters_n; i > 0; i--) {
		if (strcmp(t->counters[i - 1].name, name) == 0)
			return t->counters[i - 1].value;
	}
	return -1;
}
