/* SPDX-License-Identifier: BSD-2-Clause */
/* SYNs at each place: how many could come so far, and how many did. */
#include "infer/compare/cross.h"

#define AGAIN_NS (200 * INT64_C(1000000)) /* copies of one packet follow each other sooner */

static uint32_t transmissions(const struct cross *x, const struct pair_packet *syn)
{
	int64_t last_ns = 0;
	uint32_t n = 0;

	for (uint32_t i = syn->first; i != TRACE_NONE; i = x->p->sightings[i].next) {
		const struct sighting *s = &x->p->sightings[i];

		if (s->capture == 0 && (n == 0 || s->at_ns - last_ns > AGAIN_NS)) {
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

void cross_count_syn(struct cross *x, uint32_t attempt)
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
