/* SPDX-License-Identifier: BSD-2-Clause */
/* The servers of a trace, and the hash by which a packet finds its own. */
#include "base/array.h"
#include "trace/trace.h"
#include <stdlib.h>
#include <string.h>

#define SLOTS_MIN 64

/* The slot of the address: the one that holds it, or the free one where it belongs. */
static uint32_t *slot_of(const struct trace *t, const struct addr *addr)
{
	size_t mask = t->server_slots_n - 1;
	size_t at = addr_hash(addr, 0) & mask;

	while (t->server_slots[at] != TRACE_NONE &&
	       !addr_equal(&t->servers[t->server_slots[at]].addr, addr))
		at = (at + 1) & mask;
	return &t->server_slots[at];
}

/* Keeps at least half of the slots free, so that a search ends soon. */
static bool grow_slots(struct trace *t)
{
	size_t n = t->server_slots_n ? t->server_slots_n * 2 : SLOTS_MIN;
	uint32_t *fresh;

	if (t->servers_n * 2 < t->server_slots_n)
		return true;
	fresh = malloc(n * sizeof(*fresh));
	if (!fresh) {
		t->failed = true;
		return false;
	}
	memset(fresh, 0xff, n * sizeof(*fresh));
	free(t->server_slots);
	t->server_slots = fresh;
	t->server_slots_n = n;
	for (uint32_t i = 0; i < t->servers_n; i++) {
		if (t->servers[i].peer == i)
			*slot_of(t, &t->servers[i].addr) = i;
	}
	return true;
}

bool trace_add_server(struct trace *t, const struct server *item)
{
	uint32_t index = (uint32_t)t->servers_n;
	struct server *s;
	uint32_t *slot;

	if (t->servers_n >= TRACE_SERVERS_MAX) {
		t->full = true;
		return false;
	}
	if (!array_reserve(&t->servers, &t->servers_cap, t->servers_n + 1, sizeof(*s))) {
		t->failed = true;
		return false;
	}
	if (!grow_slots(t))
		return false;
	s = &t->servers[index];
	*s = *item;
	if (s->controls_n > TRACE_PORTS_MAX)
		s->controls_n = TRACE_PORTS_MAX;
	s->host = arena_copy(&t->strings, item->host ? item->host : "");
	s->owner = item->owner ? arena_copy(&t->strings, item->owner) : NULL;
	s->newest_probe = TRACE_NONE;
	slot = slot_of(t, &item->addr);
	if (*slot == TRACE_NONE)
		*slot = index;
	s->peer = *slot;
	t->servers_n++;
	t->failed = t->failed || t->strings.failed;
	return !t->strings.failed;
}

uint32_t trace_find_server(const struct trace *t, const struct addr *addr)
{
	return t->server_slots_n ? *slot_of(t, addr) : TRACE_NONE;
}
