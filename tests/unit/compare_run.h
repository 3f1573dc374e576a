/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef COMPARE_RUN_H
#define COMPARE_RUN_H

/*
 * A measurement in a world of compare_world.h, and both of its captures read. To be
 * included after cmocka.h.
 */

#include "compare_world.h"

static inline int world_by_time(const void *a, const void *b)
{
	const struct packet *x = a, *y = b;

	return (x->at_ns > y->at_ns) - (x->at_ns < y->at_ns);
}

static inline void world_network(struct world *w, const char *prefix, enum segment role)
{
	struct network network = {.has_role = true, .role = role, .by_user = true};

	assert_true(prefix_parse(prefix, &network.prefix));
	assert_true(trace_add_network(&w->trace, &network));
}

static inline void world_read(struct world *w, int who)
{
	struct pair_capture *c = &w->pairs.captures[who];

	qsort(w->seen[who], w->n[who], sizeof(struct packet), world_by_time);
	for (size_t i = 0; i < w->n[who]; i++) {
		w->seen[who][i].frame = (uint32_t)i + 1;
		w->seen[who][i].file = 1;
		if (who == 0)
			(void)match_packet(&w->trace, &w->seen[who][i]);
	}
	c->frames = w->n[who];
	c->first_ns = w->n[who] ? w->seen[who][0].at_ns : 0;
	c->last_ns = w->n[who] ? w->seen[who][w->n[who] - 1].at_ns : 0;
	for (size_t i = 0; i < w->n[who]; i++)
		pairs_take(&w->pairs, &w->trace, (uint8_t)who, &w->seen[who][i]);
}

/* Probes, and reads both captures; the caller frees with world_free(). */
static inline void world_run(struct world *w)
{
	struct server server = {
		.host = "mx.example", .port = 587, .controls = {993}, .controls_n = 1};

	w->family = w->family ? w->family : 4;
	w->now_ns = WORLD_START;
	server.addr = world_hop(w, WORLD_HOPS);
	server.client = world_hop(w, 0);
	trace_init(&w->trace);
	assert_true(pairs_init(&w->pairs));
	w->pairs.captures_n = 2;
	for (int i = 0; i < 2; i++)
		assert_non_null(w->seen[i] = calloc(WORLD_PACKETS, sizeof(struct packet)));
	world_network(w, w->family == 6 ? "2001:db8:1::/64" : "192.168.1.0/24", SEGMENT_LOCAL);
	world_network(w, w->family == 6 ? "2001:db8:5::/48" : "198.51.100.0/24", SEGMENT_ISP);
	world_network(w, w->family == 6 ? "2001:db8:6::/48" : "192.0.2.0/24", SEGMENT_TRANSIT);
	w->trace.run.port = 587;
	assert_true(trace_add_server(&w->trace, &server));
	for (int i = 0; i < 30; i++) {
		world_send(w, 993, 64);
		world_send(w, 587, 64);
		world_send(w, 993, (uint8_t)(i % WORLD_HOPS + 1));
		world_send(w, 587, (uint8_t)(i % WORLD_HOPS + 1));
	}
	world_read(w, 0);
	world_read(w, 1);
	trace_clock(&w->trace, w->now_ns + 5000 * WORLD_MS);
}

static inline void world_free(struct world *w)
{
	pairs_free(&w->pairs);
	trace_free(&w->trace);
	free(w->seen[0]);
	free(w->seen[1]);
}

#endif
