/* SPDX-License-Identifier: BSD-2-Clause */
#include "trace/trace.h"
#include "trace/overhear.h"
#include <stdlib.h>
#include <string.h>

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

enum probe_kind trace_port_kind(const struct trace *t, uint16_t src_port)
{
	for (size_t i = 0; i < t->ranges_n; i++) {
		const struct port_range *r = &t->ranges[i];
		if (src_port >= r->first && src_port <= r->last)
			return r->kind;
	}
	return PROBE_FOREIGN;
}

#define TRANSLATOR_BITS 96 /* the usual length of a translator's prefix (RFC 6052) */

struct addr trace_plain(const struct trace *t, const struct addr *addr)
{
	/* Within the local-use /48 (RFC 8215) translators have a /96, as far as nobody says more.
	 */
	static const struct prefix well_known = {{6, {0, 0x64, 0xff, 0x9b}}, TRANSLATOR_BITS},
				   local_use = {{6, {0, 0x64, 0xff, 0x9b, 0, 1}}, 48};
	struct prefix own = {.addr = *addr, .len = TRANSLATOR_BITS};
	struct addr inner;

	if (addr->family != 6)
		return *addr;
	for (size_t i = 0; i < t->networks_n && t->translators_n; i++) {
		const struct network *n = &t->networks[i];

		if (n->translates && addr_embedded(&n->prefix, addr, &inner))
			return inner;
	}
	if (addr_embedded(&well_known, addr, &inner))
		return inner;
	return prefix_contains(&local_use, addr) && addr_embedded(&own, addr, &inner) ? inner
										      : *addr;
}

bool trace_translated(const struct trace *t, const struct addr *addr)
{
	struct addr plain = trace_plain(t, addr);

	return plain.family != addr->family;
}

bool trace_same_site(const struct trace *t, const struct addr *a, const struct addr *b)
{
	struct addr here = trace_plain(t, a), there = trace_plain(t, b);

	return addr_same_site(&here, &there);
}

const struct network *trace_network(const struct trace *t, const struct addr *addr)
{
	const struct addr plain = trace_plain(t, addr);
	const struct network *best = NULL;
	int best_len = 0;
	for (size_t i = 0; i < t->networks_n; i++) {
		const struct network *n = &t->networks[i];
		bool inner = prefix_contains(&n->prefix, &plain);
		bool said = n->by_user && prefix_contains(&n->prefix, addr);
		int len = n->prefix.len + (inner && !said ? TRANSLATOR_BITS : 0);
		if (n->translates || (!said && !inner))
			continue;
		bool wins = !best || (n->by_user && !best->by_user) ||
			    (n->by_user == best->by_user && len > best_len);
		if (!wins)
			continue;
		best = n;
		best_len = len;
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
