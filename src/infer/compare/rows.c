/* SPDX-License-Identifier: BSD-2-Clause */
/* One connection with both ends side by side. */
#include "infer/compare/clock.h"
#include "infer/compare/fates.h"
#include <stdlib.h>
#include <string.h>

static const char *kind_text(const struct pair_packet *packet, const struct sighting *s,
			     struct arena *arena)
{
	char buf[ADDR_TEXT_BYTES];

	if (packet->kind == PAIR_EXPIRED)
		return arena_printf(arena, "expired at %s", addr_text(&packet->from, buf));
	if (packet->kind == PAIR_REJECTED)
		return arena_printf(arena, "ICMP %u/%u from %s", packet->seq, packet->ack,
				    addr_text(&packet->from, buf));
	if (s->flags & 0x04)
		return "RST";
	if (s->flags & 0x02)
		return s->flags & 0x10 ? "SYN-ACK" : "SYN";
	if (s->flags & 0x01)
		return "FIN";
	if (packet->len > 0)
		return arena_printf(arena, "%u bytes", packet->len);
	return "ACK";
}

static const char *cell(const struct pair_packet *packet, const struct sighting *s,
			const struct sighting *own, struct arena *arena)
{
	char buf[ADDR_TEXT_BYTES];
	const char *text;

	if (!s)
		return "";
	text = arena_printf(arena, "%s ttl %u", kind_text(packet, s, arena), s->ttl);
	if (!own || own == s || packet->kind == PAIR_EXPIRED || packet->kind == PAIR_REJECTED)
		return text;
	if (!packet->back && !addr_equal(&own->dst, &s->dst))
		text = arena_printf(arena, "%s to %s", text, addr_text(&s->dst, buf));
	else if (!packet->back && own->dst_port != s->dst_port)
		text = arena_printf(arena, "%s to port %u", text, s->dst_port);
	if (own->seq != s->seq)
		text = arena_printf(arena, "%s, other seq", text);
	if (own->payload_n == s->payload_n && own->payload != s->payload)
		text = arena_printf(arena, "%s, changed", text);
	return text;
}

static bool is_difference(enum fate fate)
{
	return fate == FATE_CHANGED || fate == FATE_VANISHED || fate == FATE_APPEARED ||
	       fate == FATE_LOCAL;
}

static int by_time(const void *a, const void *b)
{
	const struct compared_row *x = a, *y = b;

	return (x->at_ns > y->at_ns) - (x->at_ns < y->at_ns);
}

static void add_row(const struct cross *x, const struct pair_packet *packet, struct arena *arena,
		    struct comparison *c)
{
	uint8_t capture = c->telling_capture;
	const struct sighting *own = pairs_seen(x->p, packet, 0);
	const struct sighting *other = pairs_seen(x->p, packet, capture);

	if ((!own && !other) || c->rows_n == COMPARE_ROWS_MAX)
		return;
	c->rows[c->rows_n++] = (struct compared_row){
		.at_ns = own ? own->at_ns
			     : compare_clock_to_client(&c->captures[capture].clock, other->at_ns),
		.back = packet->back,
		.fate = compare_fate(x, packet, capture),
		.client = cell(packet, own, own, arena),
		.other = cell(packet, other, own, arena),
		.client_frame = own ? own->frame : 0,
		.other_frame = other ? other->frame : 0,
	};
}

static uint32_t telling_attempt(const struct cross *x, const struct compared_claim *claim)
{
	if (claim->attempt != TRACE_NONE)
		return claim->attempt;
	if (claim->proof && claim->proof->n > 0)
		return x->p->packets[claim->proof->packets[0]].attempt;
	return cross_next(x, TRACE_NONE, true);
}

static const char *title(const struct cross *x, uint32_t attempt, const struct comparison *c,
			 struct arena *arena)
{
	const struct pair_view *v = pairs_view(x->p, attempt, 0);
	const struct pair_view *other = pairs_view(x->p, attempt, c->telling_capture);
	char src[ADDR_TEXT_BYTES], dst[ADDR_TEXT_BYTES], there[ADDR_TEXT_BYTES];
	const char *text = arena_printf(arena, "%s port %u to %s port %u", addr_text(&v->src, src),
					v->src_port, addr_text(&v->dst, dst), v->dst_port);

	if (!other || (addr_equal(&other->src, &v->src) && other->src_port == v->src_port))
		return text;
	return arena_printf(arena, "%s; in capture %u from %s port %u", text,
			    c->telling_capture + 1u, addr_text(&other->src, there),
			    other->src_port);
}

void compare_rows(const struct cross *x, const struct compared_claim *claim, struct arena *arena,
		  struct comparison *c)
{
	uint32_t attempt = telling_attempt(x, claim);

	if (attempt == TRACE_NONE || x->n == 0)
		return;
	int point = claim->far >= 0 && claim->far < (int)x->n ? claim->far : (int)x->n - 1;
	c->telling_capture = x->points[point].capture;
	c->telling_title = title(x, attempt, c, arena);
	for (uint32_t i = x->p->attempts[attempt].first; i != TRACE_NONE; i = x->p->packets[i].next)
		add_row(x, &x->p->packets[i], arena, c);
	qsort(c->rows, c->rows_n, sizeof(*c->rows), by_time);
	int64_t start = c->rows_n ? c->rows[0].at_ns : 0;
	bool found = false;
	for (size_t i = 0; i < c->rows_n; i++) {
		c->rows[i].at_ns -= start;
		c->rows[i].first_difference = !found && is_difference(c->rows[i].fate);
		found = found || c->rows[i].first_difference;
	}
}
