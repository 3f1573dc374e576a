/* SPDX-License-Identifier: BSD-2-Clause */
/* What is said of a run enters its trace. */
#include "trace/room.h"
#include <string.h>

#define FACTS_MAX 65536 /* of one kind: more is no measurement of ours */

bool trace_add_network(struct trace *t, const struct network *item)
{
	if (!ROOM(t, networks, FACTS_MAX))
		return false;
	struct network *n = &t->networks[t->networks_n++];
	*n = *item;
	n->name = room_keep(t, item->name, NULL);
	t->translators_n += n->translates;
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

const struct note *trace_note(const struct trace *t, const char *kind)
{
	for (size_t i = 0; i < t->notes_n; i++) {
		if (strcmp(t->notes[i].kind, kind) == 0)
			return &t->notes[i];
	}
	return NULL;
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
