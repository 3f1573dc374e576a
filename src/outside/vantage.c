/* SPDX-License-Identifier: BSD-2-Clause */
#include "outside/vantage.h"
#include "base/array.h"
#include <stdlib.h>

void vantages_free(struct vantage_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		trace_free(&list->items[i].trace);
	free(list->items);
	free(list->networks);
	arena_free(&list->arena);
	*list = (struct vantage_list){0};
}

const char *vantage_engine_title(enum vantage_engine engine)
{
	return engine == VANTAGE_ATLAS ? "RIPE Atlas" : "Globalping";
}

const char *vantage_engine_name(enum vantage_engine engine)
{
	return engine == VANTAGE_ATLAS ? "atlas" : "globalping";
}

struct vantage *vantages_add(struct vantage_list *list, enum vantage_engine engine,
			     const char *probe, uint8_t family)
{
	if (list->n >= VANTAGES_MAX ||
	    !array_reserve(&list->items, &list->cap, list->n + 1, sizeof(*list->items)))
		return NULL;
	struct vantage *v = &list->items[list->n++];
	*v = (struct vantage){.engine = engine, .probe = probe, .family = family};
	trace_init(&v->trace);
	return v;
}

void vantages_add_server(struct vantage *v, const struct addr *server, const struct addr *client,
			 uint16_t port)
{
	char buf[ADDR_TEXT_BYTES];
	const struct server item = {
		.host = addr_text(server, buf),
		.addr = *server,
		.client = *client,
		.port = port,
	};
	if (trace_find_server(&v->trace, server) == TRACE_NONE)
		(void)trace_add_server(&v->trace, &item);
}

void vantages_add_control(struct vantage *v, const struct addr *server, uint16_t port)
{
	uint32_t index = trace_find_server(&v->trace, server);
	if (index == TRACE_NONE)
		return;
	struct server *s = &v->trace.servers[index];
	for (size_t i = 0; i < s->controls_n; i++)
		if (s->controls[i] == port)
			return;
	if (s->controls_n < TRACE_PORTS_MAX)
		s->controls[s->controls_n++] = port;
}

void vantages_end(struct vantage *v, uint16_t port, int64_t started_ns, int64_t ended_ns)
{
	v->trace.run.port = port;
	v->trace.run.families = v->family == 6 ? 2 : 1;
	v->trace.run.started_ns = started_ns;
	v->trace.run.ended_ns = ended_ns;
	trace_clock(&v->trace, ended_ns);
}
