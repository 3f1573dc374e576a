/* SPDX-License-Identifier: BSD-2-Clause */
/* At which places of the way the captures looked, and how many SYNs came so far. */
#include "infer/compare/cross.h"
#include "infer/numbers.h"
#include <stdlib.h>

static uint32_t transmissions(const struct cross *x, const struct pair_packet *syn)
{
	int64_t last_ns = 0;
	uint32_t n = 0;

	for (uint32_t i = syn->first; i != TRACE_NONE; i = x->p->sightings[i].next) {
		const struct sighting *s = &x->p->sightings[i];

		if (s->capture == 0 && (n == 0 || s->at_ns - last_ns > COPY_NS)) {
			last_ns = s->at_ns;
			n++;
		}
	}
	return n;
}

static bool moved_at(const struct cross *x, const struct pair_packet *syn, int point)
{
	const struct sighting *own = pairs_seen(x->p, syn, 0);
	const struct sighting *s = cross_at(x, syn, point);

	/* A server behind a translator of its own has a private address. */
	return own && s && addr_class(&s->dst) != ADDR_PRIVATE &&
	       (!addr_equal(&own->dst, &s->dst) || own->dst_port != s->dst_port);
}

static void count_reaching(const struct cross *x, struct cross_point *point, uint32_t attempt)
{
	const struct attempt *a = &x->p->attempts[attempt];
	bool answered = false;

	for (uint32_t i = a->first; i != TRACE_NONE; i = x->p->packets[i].next) {
		const struct pair_packet *packet = &x->p->packets[i];

		answered =
			answered || ((packet->captures & 1) &&
				     (packet->kind == PAIR_SYNACK || packet->kind == PAIR_RESET) &&
				     packet->back);
	}
	point->target_reach += a->port == x->port;
	point->control_reach += a->port != x->port;
	point->control_answered += a->port != x->port && answered;
}

static void count_syn(struct cross *x, uint32_t attempt)
{
	const struct attempt *a = &x->p->attempts[attempt];
	bool target = a->port == x->port;

	x->attempts += target;
	if (a->first == TRACE_NONE)
		return;
	const struct pair_packet *syn = &x->p->packets[a->first];
	const struct sighting *own = pairs_seen(x->p, syn, 0);
	uint32_t times = transmissions(x, syn);
	for (size_t i = 0; own && i < x->n; i++) {
		struct cross_point *point = &x->points[i];
		bool seen = cross_has(x, syn, (int)i);

		if (!cross_listens(x, (int)i, a->port) || (int)a->ttl <= point->hop ||
		    (!seen && !cross_covers(x, (int)i, own->at_ns)))
			continue;
		*(target ? &point->target_sent : &point->control_sent) += seen ? 1 : times;
		*(target ? &point->target_seen : &point->control_seen) += seen;
		point->moved += target && seen && moved_at(x, syn, (int)i);
		if (seen && (x->server_hop == 0 || a->ttl >= x->server_hop))
			count_reaching(x, point, attempt);
		if (target && !seen)
			cross_example(&x->lost, a->first);
	}
}

static void add_point(struct cross *x, const struct sighting *s, int hop)
{
	for (size_t i = 0; i < x->n; i++) {
		if (x->points[i].capture == s->capture && x->points[i].hop == hop)
			return;
	}
	if (x->n < CROSS_POINTS_MAX && hop >= 0 && hop <= PATH_TTL_MAX)
		x->points[x->n++] = (struct cross_point){
			.capture = s->capture, .hop = hop, .inbound = s->way == SIGHT_IN};
}

static bool has_point(const struct cross *x, uint8_t capture)
{
	for (size_t i = 0; i < x->n; i++) {
		if (x->points[i].capture == capture)
			return true;
	}
	return false;
}

/* By the SYNs to control ports, else by those to the port, which somebody may make anew. */
static void points_of_syns(struct cross *x, bool target)
{
	bool known[PAIRS_CAPTURES_MAX];

	for (size_t i = 0; i < PAIRS_CAPTURES_MAX; i++)
		known[i] = target && has_point(x, (uint8_t)i);
	for (uint32_t at = cross_next(x, TRACE_NONE, false); at != TRACE_NONE;
	     at = cross_next(x, at, false)) {
		const struct attempt *a = &x->p->attempts[at];

		if (a->first == TRACE_NONE || (a->port == x->port) != target)
			continue;
		for (uint32_t i = x->p->packets[a->first].first; i != TRACE_NONE;
		     i = x->p->sightings[i].next) {
			const struct sighting *s = &x->p->sightings[i];

			if (s->capture > 0 && !known[s->capture])
				add_point(x, s, (int)a->ttl - (int)s->ttl);
		}
	}
}

static bool owns(const struct pair_capture *c, const struct addr *addr)
{
	for (size_t i = 0; i < c->own_n; i++) {
		if (addr_equal(&c->own[i], addr))
			return true;
	}
	return false;
}

/* A machine that waited at the server's address is a place even if nothing came. */
static void points_of_receivers(struct cross *x)
{
	for (size_t c = 1; c < x->p->captures_n; c++) {
		const struct pair_capture *capture = &x->p->captures[c];
		int hop = x->server_hop > 0 ? x->server_hop - 1 : PATH_TTL_MAX - 1;

		if (!capture->receiver || !(capture->expects || capture->matched) ||
		    !owns(capture, &x->t->servers[x->server].addr) || x->n == CROSS_POINTS_MAX)
			continue;
		if (cross_nearest(x, (uint8_t)c, hop) < 0)
			x->points[x->n++] = (struct cross_point){
				.capture = (uint8_t)c, .hop = hop, .inbound = true};
	}
}

static bool is_initial(uint8_t ttl)
{
	return ttl == 64 || ttl == 128 || ttl == 255;
}

/* The attempt's SYN-ACK as a capture has it, or NULL. */
static const struct sighting *synack_at(const struct cross *x, uint32_t attempt, uint8_t capture)
{
	for (uint32_t i = x->p->attempts[attempt].first; i != TRACE_NONE;
	     i = x->p->packets[i].next) {
		const struct sighting *s = pairs_seen(x->p, &x->p->packets[i], capture);

		if (s && x->p->packets[i].kind == PAIR_SYNACK)
			return s;
	}
	return NULL;
}

/* Answers that leave with an initial TTL have passed no router since they were made. */
static bool initial_ttl(const struct cross *x, const struct cross_point *point)
{
	for (uint32_t at = cross_next(x, TRACE_NONE, false); at != TRACE_NONE;
	     at = cross_next(x, at, false)) {
		const struct sighting *s = synack_at(x, at, point->capture);

		if (s)
			return is_initial(s->ttl);
	}
	return false;
}

static void find_server(struct cross *x)
{
	for (size_t i = 0; i < x->n; i++) {
		struct cross_point *point = &x->points[i];
		const struct pair_capture *c = &x->p->captures[point->capture];

		point->at_server = (x->server_hop > 0 && point->hop >= x->server_hop - 1) ||
				   owns(c, &x->t->servers[x->server].addr);
		if (x->server_hop == 0 && (point->at_server || initial_ttl(x, point))) {
			point->at_server = true;
			x->server_hop = point->hop + 1;
			x->settled_distance = true;
		}
	}
}

static int by_place(const void *a, const void *b)
{
	const struct cross_point *x = a, *y = b;

	if (x->hop != y->hop)
		return x->hop - y->hop;
	if (x->inbound != y->inbound)
		return x->inbound - y->inbound;
	return (x->target_seen < y->target_seen) - (x->target_seen > y->target_seen);
}

static void find_boundary(struct cross *x)
{
	x->last_seen = x->first_missing = -1;
	for (size_t i = 0; i < x->n; i++) {
		if (x->points[i].target_seen > 0)
			x->last_seen = (int)i;
	}
	for (int i = (int)x->n - 1; i > x->last_seen; i--) {
		const struct cross_point *point = &x->points[i];
		bool waits = x->p->captures[point->capture].receiver && point->at_server;

		if (point->target_sent > 0 && (point->control_seen > 0 || waits))
			x->first_missing = i;
	}
}

static void find_points(struct cross *x)
{
	points_of_syns(x, false);
	points_of_syns(x, true);
	points_of_receivers(x);
	find_server(x);
	qsort(x->points, x->n, sizeof(*x->points), by_place);
	for (uint32_t at = cross_next(x, TRACE_NONE, false); at != TRACE_NONE;
	     at = cross_next(x, at, false))
		count_syn(x, at);
	/* Of places on one wire, those that have the SYNs are the nearer ones. */
	qsort(x->points, x->n, sizeof(*x->points), by_place);
	find_boundary(x);
}

void cross_build(struct cross *out, uint32_t server, int distance)
{
	out->server = server;
	out->port = out->t->servers[server].port;
	out->server_hop = distance;
	find_points(out);
	cross_count_answers(out);
}
