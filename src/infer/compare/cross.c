/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/compare/cross.h"
#include "infer/compare/clock.h"
#include "infer/numbers.h"
#include <stdlib.h>

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
	int64_t from = c->first_ns, to = c->last_ns, slack = CROSS_BLIND_NS;

	if (clock->known) {
		from = compare_clock_to_client(clock, from);
		to = compare_clock_to_client(clock, to);
		slack = CROSS_SLACK_NS + (clock->error_ns > 0 ? clock->error_ns : 0);
	} else if (c->receiver) {
		/* Well within the time that it waited, or it may have missed it. */
		return at_ns >= from + slack && at_ns <= to - slack;
	}
	return at_ns >= from - slack && at_ns <= to + slack;
}

int cross_nearest(const struct cross *x, uint8_t capture, int hops)
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
		return cross_nearest(x, s->capture, (int)s->ttl - (int)own->ttl);
	/* What leaves a router towards the client has passed it. */
	return cross_nearest(x, s->capture, s->way == SIGHT_OUT ? 0 : PATH_TTL_MAX);
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
