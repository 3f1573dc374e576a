/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/compare/cross.h"
#include "infer/compare/clock.h"
#include <stdlib.h>

#define MS	       INT64_C(1000000)
#define SLACK_NS       (2 * MS)
#define BLIND_SLACK_NS (2000 * MS) /* clocks that could not be compared */

uint32_t cross_next(const struct cross *x, uint32_t after, bool target)
{
	uint32_t peer = x->t->servers[x->server].peer;

	for (uint32_t at = after + 1; at < x->p->attempts_n; at++) {
		const struct attempt *a = &x->p->attempts[at];

		if (a->server == peer && (!target || a->port == x->port))
			return at;
	}
	return TRACE_NONE;
}

void cross_example(struct cross_examples *e, uint32_t packet)
{
	if (e->n < CROSS_EXAMPLES_MAX)
		e->packets[e->n++] = packet;
}

bool cross_listens(const struct cross *x, int point, uint16_t port)
{
	const struct pair_capture *c = &x->p->captures[x->points[point].capture];

	for (size_t i = 0; i < c->ports_n; i++) {
		if (c->ports[i] == port)
			return true;
	}
	return c->ports_n == 0;
}

bool cross_covers(const struct cross *x, int point, int64_t at_ns)
{
	uint8_t capture = x->points[point].capture;
	const struct pair_capture *c = &x->p->captures[capture];
	const struct compared_clock *clock = &x->c->captures[capture].clock;
	int64_t from = c->first_ns, to = c->last_ns, slack = BLIND_SLACK_NS;

	if (clock->known) {
		from = compare_clock_to_client(clock, from);
		to = compare_clock_to_client(clock, to);
		slack = SLACK_NS + (clock->error_ns > 0 ? clock->error_ns : 0);
	} else if (c->receiver) {
		/* Well within the time that it waited, or it may have missed it. */
		return at_ns >= from + slack && at_ns <= to - slack;
	}
	return at_ns >= from - slack && at_ns <= to + slack;
}

/* The points of a capture, and which of them a number of hops is the nearest to. */
static int nearest_point(const struct cross *x, uint8_t capture, int hops)
{
	int best = -1;

	for (size_t i = 0; i < x->n; i++) {
		if (x->points[i].capture != capture)
			continue;
		if (best < 0 || abs(x->points[i].hop - hops) < abs(x->points[best].hop - hops))
			best = (int)i;
	}
	return best;
}

static int point_of_back(const struct cross *x, const struct pair_packet *packet,
			 const struct sighting *s)
{
	const struct sighting *own = pairs_seen(x->p, packet, 0);

	if (own)
		return nearest_point(x, s->capture, (int)s->ttl - (int)own->ttl);
	/* What leaves a router towards the client has passed it. */
	return nearest_point(x, s->capture, s->way == SIGHT_OUT ? 0 : PATH_TTL_MAX);
}

/* Whether a SYN that lost so many hops is at a place. One that was made anew has hops of its own.
 */
static bool passed(const struct cross *x, const struct sighting *s, int hops, int hop)
{
	for (size_t i = 0; i < x->n; i++) {
		if (x->points[i].capture == s->capture && x->points[i].hop == hops)
			return hops >= hop;
	}
	return true;
}

const struct sighting *cross_at(const struct cross *x, const struct pair_packet *packet, int point)
{
	const struct attempt *a = &x->p->attempts[packet->attempt];
	const struct cross_point *at = &x->points[point];
	const struct sighting *own = pairs_seen(x->p, packet, 0);

	if (!(packet->captures >> at->capture & 1))
		return NULL;
	for (uint32_t i = packet->first; i != TRACE_NONE; i = x->p->sightings[i].next) {
		const struct sighting *s = &x->p->sightings[i];

		if (s->capture != at->capture)
			continue;
		int ttl = packet->kind == PAIR_SYN || !own ? a->ttl : own->ttl;
		if (packet->back ? point_of_back(x, packet, s) == point
				 : passed(x, s, ttl - (int)s->ttl, at->hop))
			return s;
	}
	return NULL;
}

bool cross_has(const struct cross *x, const struct pair_packet *packet, int point)
{
	return cross_at(x, packet, point) != NULL;
}

/* --- places ---------------------------------------------------------------------------------- */

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
		if (nearest_point(x, (uint8_t)c, hop) < 0)
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

void cross_find_points(struct cross *x)
{
	points_of_syns(x, false);
	points_of_syns(x, true);
	points_of_receivers(x);
	find_server(x);
	qsort(x->points, x->n, sizeof(*x->points), by_place);
	for (uint32_t at = cross_next(x, TRACE_NONE, false); at != TRACE_NONE;
	     at = cross_next(x, at, false))
		cross_count_syn(x, at);
	/* Of places on one wire, those that have the SYNs are the nearer ones. */
	qsort(x->points, x->n, sizeof(*x->points), by_place);
	find_boundary(x);
}

void cross_build(struct cross *out, uint32_t server, int distance)
{
	out->server = server;
	out->port = out->t->servers[server].port;
	out->server_hop = distance;
	cross_find_points(out);
	cross_count_answers(out);
}
