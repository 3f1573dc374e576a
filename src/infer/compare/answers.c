/* SPDX-License-Identifier: BSD-2-Clause */
/* Answers on the port under test: which of them the other captures confirm. */
#include "infer/compare/clock.h"
#include "infer/compare/cross.h"

/* Whether answers that pass this place are seen there: those of control ports are. */
static bool attentive(const struct cross *x, int point)
{
	const struct cross_point *at = &x->points[point];

	return at->back_seen > 0 || at->at_server;
}

/* Answers that somebody may have forged count where they are seen, and not where they are missing.
 */
static void count_back(struct cross *x, const struct pair_packet *packet, bool control)
{
	const struct sighting *own = pairs_seen(x->p, packet, 0);
	uint16_t port = x->p->attempts[packet->attempt].port;

	if (!own || (packet->kind != PAIR_SYNACK && packet->kind != PAIR_RESET))
		return;
	for (size_t i = 0; i < x->n; i++) {
		bool seen = cross_has(x, packet, (int)i);

		if (!seen && (!control || !cross_listens(x, (int)i, port) ||
			      !cross_covers(x, (int)i, own->at_ns)))
			continue;
		x->points[i].back_sent++;
		x->points[i].back_seen += seen;
	}
}

/* A place that has other SYNs to the port but not this one may have missed its answer as well. */
static bool followed(const struct cross *x, uint32_t attempt, int point)
{
	uint32_t syn = x->p->attempts[attempt].first;

	return x->points[point].target_seen == 0 ||
	       (syn != TRACE_NONE && cross_has(x, &x->p->packets[syn], point));
}

/* The furthest place that has the packet, and the nearest behind it that should; -1: none. */
static void bounds(const struct cross *x, const struct pair_packet *packet, int *lo, int *hi)
{
	const struct sighting *own = pairs_seen(x->p, packet, 0);

	*lo = *hi = -1;
	for (size_t i = 0; i < x->n; i++) {
		if (cross_has(x, packet, (int)i))
			*lo = (int)i;
	}
	for (int i = (int)x->n - 1; i > *lo; i--) {
		if (attentive(x, i) && followed(x, packet->attempt, i) && own &&
		    cross_covers(x, i, own->at_ns))
			*hi = i;
	}
}

static bool turned(const struct cross *x, const struct pair_packet *packet)
{
	const uint8_t kind = 0x06; /* SYN and RST */
	const struct sighting *own = pairs_seen(x->p, packet, 0);

	for (uint32_t i = packet->first; own && i != TRACE_NONE; i = x->p->sightings[i].next) {
		if ((x->p->sightings[i].flags ^ own->flags) & kind)
			return true;
	}
	return false;
}

/* The nearest place where the packet still is what it was; made another thing before. */
static void bounds_of_made(const struct cross *x, const struct pair_packet *packet, int *lo,
			   int *hi)
{
	const uint8_t kind = 0x06;
	const struct sighting *own = pairs_seen(x->p, packet, 0);

	*lo = *hi = -1;
	for (size_t i = 0; i < x->n; i++) {
		const struct sighting *s = cross_at(x, packet, (int)i);

		if (!s)
			continue;
		if (!((s->flags ^ own->flags) & kind))
			*lo = (int)i;
		else if (*hi < 0)
			*hi = (int)i;
	}
}

static void widen(struct cross_answers *a, int lo, int hi)
{
	bool none = a->forged + a->made == 0;

	a->lo = none || lo < a->lo ? lo : a->lo;
	a->hi = none || hi > a->hi ? hi : a->hi;
}

static void count_arrived(const struct cross *x, uint32_t index, bool first,
			  struct cross_answers *a)
{
	const struct pair_packet *packet = &x->p->packets[index];
	int lo, hi;

	a->n++;
	a->first += first;
	bounds(x, packet, &lo, &hi);
	if (hi >= 0) {
		widen(a, lo, hi);
		a->forged++;
		cross_example(&a->forged_at, index);
		return;
	}
	if (turned(x, packet)) {
		bounds_of_made(x, packet, &lo, &hi);
		widen(a, lo, hi);
		a->made++;
		cross_example(&a->forged_at, index);
		return;
	}
	a->genuine += lo >= 0;
	if (lo >= 0)
		cross_example(&a->genuine_at, index);
}

/* An answer that some place has and the client does not. */
static void count_vanished(const struct cross *x, uint32_t index, struct cross_answers *a)
{
	const struct pair_packet *packet = &x->p->packets[index];
	int far = -1;

	for (size_t i = x->n; i-- > 0;) {
		if (cross_has(x, packet, (int)i))
			far = (int)i;
	}
	if (far < 0)
		return;
	int near = far - 1;
	while (near >= 0 && x->points[near].back_seen == 0)
		near--;
	if (a->vanished == 0 || far > a->far)
		a->far = far;
	if (a->vanished == 0 || near < a->near)
		a->near = near;
	a->vanished++;
	cross_example(&a->vanished_at, index);
}

static struct cross_answers *list_for(struct cross *x, const struct pair_packet *packet,
				      bool established)
{
	switch (packet->kind) {
	case PAIR_SYNACK:
		return &x->synack;
	case PAIR_RESET:
		return established || packet->ack > 1 ? &x->late_reset : &x->reset;
	case PAIR_REJECTED:
		return &x->rejected;
	case PAIR_SYN:
	case PAIR_SEGMENT:
	case PAIR_EXPIRED:
		break;
	}
	return NULL;
}

static int64_t client_ns(const struct cross *x, const struct pair_packet *packet)
{
	const struct sighting *own = pairs_seen(x->p, packet, 0);

	return own ? own->at_ns : INT64_MAX;
}

/* Whether the client had a SYN-ACK, and went on, before this time. */
static bool went_on(const struct cross *x, uint32_t attempt, int64_t before_ns)
{
	bool answered = false, acked = false;

	for (uint32_t i = x->p->attempts[attempt].first; i != TRACE_NONE;
	     i = x->p->packets[i].next) {
		const struct pair_packet *packet = &x->p->packets[i];
		bool early = client_ns(x, packet) < before_ns;

		answered = answered || (early && packet->kind == PAIR_SYNACK);
		acked = acked || (early && !packet->back && packet->kind == PAIR_SEGMENT);
	}
	return answered && acked;
}

static int64_t first_answer_ns(struct cross *x, uint32_t attempt)
{
	int64_t first = INT64_MAX;

	for (uint32_t i = x->p->attempts[attempt].first; i != TRACE_NONE;
	     i = x->p->packets[i].next) {
		const struct pair_packet *packet = &x->p->packets[i];

		if (packet->back && list_for(x, packet, false) && client_ns(x, packet) < first)
			first = client_ns(x, packet);
	}
	return first;
}

static void count_attempt(struct cross *x, uint32_t attempt)
{
	const struct attempt *a = &x->p->attempts[attempt];
	int64_t first = first_answer_ns(x, attempt);
	bool reaches = x->server_hop == 0 || a->ttl >= x->server_hop;

	for (uint32_t i = a->first; i != TRACE_NONE; i = x->p->packets[i].next) {
		const struct pair_packet *packet = &x->p->packets[i];
		int64_t at = client_ns(x, packet);

		if (!packet->back)
			continue;
		struct cross_answers *list = list_for(x, packet, went_on(x, attempt, at));
		if (!list)
			continue;
		if (at != INT64_MAX)
			count_arrived(x, i, at == first && reaches, list);
		else
			count_vanished(x, i, list);
	}
}

/* Connections with bytes of the client, and those of them whose bytes come by. */
static void count_data(struct cross *x, uint32_t attempt)
{
	bool own = false, there[CROSS_POINTS_MAX] = {false};

	for (uint32_t i = x->p->attempts[attempt].first; i != TRACE_NONE;
	     i = x->p->packets[i].next) {
		const struct pair_packet *packet = &x->p->packets[i];

		if (packet->back || packet->kind != PAIR_SEGMENT || packet->len == 0)
			continue;
		own = own || (packet->captures & 1);
		for (size_t k = 0; k < x->n; k++)
			there[k] = there[k] || cross_has(x, packet, (int)k);
	}
	for (size_t k = 0; own && k < x->n; k++) {
		x->points[k].data_sent++;
		x->points[k].data_seen += there[k];
	}
}

static void count_remade(struct cross *x, uint32_t attempt)
{
	for (size_t c = 1; c < x->p->captures_n; c++) {
		const struct pair_view *v = pairs_view(x->p, attempt, (uint8_t)c);
		const struct compared_capture *capture = &x->c->captures[c];

		if (!v || !v->remade ||
		    !(addr_equal(&v->src, &capture->client) ||
		      addr_equal(&v->src, &pairs_view(x->p, attempt, 0)->src)))
			continue;
		x->remade++;
	}
}

void cross_count_answers(struct cross *x)
{
	for (uint32_t at = cross_next(x, TRACE_NONE, false); at != TRACE_NONE;
	     at = cross_next(x, at, false)) {
		bool control = x->p->attempts[at].port != x->port;

		for (uint32_t i = x->p->attempts[at].first; i != TRACE_NONE;
		     i = x->p->packets[i].next) {
			if (x->p->packets[i].back)
				count_back(x, &x->p->packets[i], control);
		}
	}
	for (uint32_t at = cross_next(x, TRACE_NONE, true); at != TRACE_NONE;
	     at = cross_next(x, at, true)) {
		count_attempt(x, at);
		count_data(x, at);
		count_remade(x, at);
	}
}
