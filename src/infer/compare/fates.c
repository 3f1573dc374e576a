/* SPDX-License-Identifier: BSD-2-Clause */
#include "infer/compare/fates.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Appends to a list with commas, as far as there is room. */
static void say(char out[COMPARE_CHANGE_MAX], const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void say(char out[COMPARE_CHANGE_MAX], const char *fmt, ...)
{
	size_t used = strlen(out);
	va_list args;

	if (used > 0 && used + 3 < COMPARE_CHANGE_MAX) {
		memcpy(out + used, ", ", 3);
		used += 2;
	}
	va_start(args, fmt);
	(void)vsnprintf(out + used, COMPARE_CHANGE_MAX - used, fmt, args);
	va_end(args);
}

static bool headers(const struct sighting *a, const struct sighting *b, char *out)
{
	bool more = false;

	if ((a->flags ^ b->flags) & 0x17) {
		say(out, "flags");
		more = true;
	}
	if (a->mss != b->mss) {
		say(out, "MSS %u and %u", a->mss, b->mss);
		more = true;
	}
	if (a->options_len != b->options_len) {
		say(out, "TCP options");
		more = true;
	}
	if (a->window != b->window) {
		say(out, "window");
		more = true;
	}
	return more;
}

bool compare_changes(const struct pairs *p, const struct pair_packet *packet, uint8_t capture,
		     char out[COMPARE_CHANGE_MAX])
{
	const struct sighting *a = pairs_seen(p, packet, 0), *b = pairs_seen(p, packet, capture);
	bool more = false, error = packet->kind == PAIR_EXPIRED || packet->kind == PAIR_REJECTED;

	out[0] = '\0';
	if (!a || !b)
		return false;
	const struct addr *own = packet->back ? &a->dst : &a->src;
	const struct addr *there = packet->back ? &b->dst : &b->src;
	if (!addr_equal(own, there))
		say(out, "client's address");
	if (error)
		return false;
	if ((packet->back ? a->dst_port : a->src_port) !=
	    (packet->back ? b->dst_port : b->src_port))
		say(out, "client's port");
	own = packet->back ? &a->src : &a->dst;
	there = packet->back ? &b->src : &b->dst;
	if (!addr_equal(own, there) || (packet->back ? a->src_port : a->dst_port) !=
					       (packet->back ? b->src_port : b->dst_port)) {
		say(out, "server's address or port");
		more = true;
	}
	if (a->seq != b->seq) {
		say(out, "sequence number");
		more = true;
	}
	more = headers(a, b, out) || more;
	if (a->payload_n == b->payload_n && a->payload != b->payload) {
		say(out, "content");
		more = true;
	}
	return more;
}

/* The capture's nearest place, or -1. */
static int first_point(const struct cross *x, uint8_t capture)
{
	for (size_t i = 0; i < x->n; i++) {
		if (x->points[i].capture == capture)
			return (int)i;
	}
	return -1;
}

static enum fate fate_of_missing(const struct cross *x, const struct pair_packet *packet, int point)
{
	const struct attempt *a = &x->p->attempts[packet->attempt];
	const struct sighting *own = pairs_seen(x->p, packet, 0);
	const struct cross_point *at = &x->points[point];

	if (!cross_listens(x, point, a->port) || !cross_covers(x, point, own->at_ns))
		return FATE_NONE;
	if (!packet->back)
		return packet->kind == PAIR_SYN && (int)a->ttl <= at->hop ? FATE_NONE
									  : FATE_VANISHED;
	if (packet->kind == PAIR_EXPIRED)
		return FATE_LOCAL;
	if (at->back_seen == 0 && !at->at_server)
		return FATE_NONE;
	if (packet->kind == PAIR_REJECTED &&
	    !addr_equal(&packet->from, &x->t->servers[x->server].addr))
		return FATE_LOCAL;
	return FATE_APPEARED;
}

enum fate compare_fate(const struct cross *x, const struct pair_packet *packet, uint8_t capture)
{
	char change[COMPARE_CHANGE_MAX];
	int point = first_point(x, capture);
	bool own = packet->captures & 1, there = packet->captures >> capture & 1;

	if (point < 0)
		return FATE_NONE;
	if (own && there)
		return compare_changes(x->p, packet, capture, change) ? FATE_CHANGED : FATE_ARRIVED;
	if (own)
		return fate_of_missing(x, packet, point);
	/* Expiries for others on the way, and what the client's capture is too short for. */
	if (!there || !packet->back || packet->kind == PAIR_SEGMENT)
		return FATE_NONE;
	return FATE_VANISHED;
}

static void count(struct compared_capture *capture, enum fate fate)
{
	switch (fate) {
	case FATE_ARRIVED:
		capture->arrived++;
		return;
	case FATE_CHANGED:
		capture->changed++;
		return;
	case FATE_VANISHED:
		capture->vanished++;
		return;
	case FATE_APPEARED:
		capture->appeared++;
		return;
	case FATE_LOCAL:
	case FATE_NONE:
		return;
	}
}

static const char *kind_name(enum pair_kind kind)
{
	static const char *const names[] = {
		[PAIR_SYN] = "syn",	    [PAIR_SYNACK] = "syn-ack", [PAIR_RESET] = "reset",
		[PAIR_SEGMENT] = "segment", [PAIR_EXPIRED] = "icmp",   [PAIR_REJECTED] = "icmp",
	};
	return names[kind];
}

static void list(const struct cross *x, uint32_t index, uint8_t capture, struct comparison *c)
{
	const struct pair_packet *packet = &x->p->packets[index];
	enum fate fate = compare_fate(x, packet, capture);

	count(&c->captures[capture], fate);
	if (fate == FATE_NONE || x->p->attempts[packet->attempt].port != x->port)
		return;
	if (c->packets_n == COMPARE_PACKETS_MAX) {
		c->packets_more++;
		return;
	}
	struct compared_packet *item = &c->packets[c->packets_n++];
	const struct sighting *own = pairs_seen(x->p, packet, 0);
	const struct sighting *other = pairs_seen(x->p, packet, capture);
	*item = (struct compared_packet){
		.server = x->server,
		.port = x->port,
		.kind = kind_name(packet->kind),
		.back = packet->back,
		.client_frame = own ? own->frame : 0,
		.other_frame = other ? other->frame : 0,
		.capture = capture,
		.fate = fate,
	};
	(void)compare_changes(x->p, packet, capture, item->change);
}

void compare_fates(const struct cross *x, struct comparison *c)
{
	for (uint32_t at = cross_next(x, TRACE_NONE, false); at != TRACE_NONE;
	     at = cross_next(x, at, false)) {
		for (uint32_t i = x->p->attempts[at].first; i != TRACE_NONE;
		     i = x->p->packets[i].next) {
			for (size_t k = 1; k < x->p->captures_n; k++)
				list(x, i, (uint8_t)k, c);
		}
	}
}
