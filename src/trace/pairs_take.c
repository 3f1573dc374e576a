/* SPDX-License-Identifier: BSD-2-Clause */
#include "trace/pairs_take.h"
#include "trace/pairs_key.h"

static bool is_syn(const struct packet *k)
{
	return k->kind == PACKET_TCP && (k->tcp.flags & (TCP_SYN | TCP_ACK)) == TCP_SYN;
}

/* The attempt among those of a 5-tuple that a packet with these numbers belongs to. */
static uint32_t find_view(struct pairs *p, const struct pair_view *key, uint32_t number,
			  bool numbered)
{
	uint32_t at = pairs_head_tuple(p, key);
	unsigned steps = 0;

	for (; at != TRACE_NONE && pairs_walk(p, &steps); at = p->views[at].next_in_bucket) {
		const struct pair_view *v = &p->views[at];

		if (pairs_same_tuple(v, key) && (!numbered || number - v->isn < PAIRS_REACH))
			return at;
	}
	return TRACE_NONE;
}

/* Numbers from the server, relative to its SYN-ACK where that is known. */
static void number_back(struct pair_view *v, const struct packet *k, struct pair_packet *out)
{
	out->seq = k->tcp.seq;
	out->ack = k->tcp.flags & TCP_ACK ? k->tcp.ack - v->isn : 0;
	if (k->tcp.flags & TCP_SYN) {
		out->kind = PAIR_SYNACK;
		if (!v->has_server_isn)
			v->server_isn = k->tcp.seq;
		v->has_server_isn = true;
	} else if (v->has_server_isn && k->tcp.seq != v->server_isn &&
		   k->tcp.seq - v->server_isn < PAIRS_REACH) {
		out->seq = k->tcp.seq - v->server_isn;
	}
}

static void take_bytes(struct pairs *p, const struct pair_view *v, const struct packet *k,
		       bool back)
{
	struct pair_stream key = {.attempt = v->attempt, .capture = v->capture, .back = back};
	uint32_t base = back ? v->server_isn : v->isn;

	if (k->payload_len && (!back || v->has_server_isn))
		pairs_add_bytes(p, &key, k->tcp.seq - base - 1, k->payload, k->payload_len);
}

/* A capture that lacks the SYN: the connection is known by its ports and numbers. */
static uint32_t adopt(struct pairs *p, const struct pair_view *key, uint32_t number)
{
	uint32_t at = pairs_head_ports(p, key);
	struct pair_view view = *key;
	unsigned steps = 0;

	for (; at != TRACE_NONE && pairs_walk(p, &steps); at = p->attempts[at].by_ports) {
		const struct pair_view *own = pairs_view(p, at, 0);

		if (own && own->src_port == key->src_port && own->dst_port == key->dst_port &&
		    addr_equal(&own->dst, &key->dst) && number - own->isn < PAIRS_REACH) {
			view.attempt = at;
			view.isn = own->isn;
			view.server_isn = own->server_isn;
			view.has_server_isn = own->has_server_isn;
			return pairs_add_view(p, &view);
		}
	}
	return TRACE_NONE;
}

static void take_segment(struct pairs *p, uint32_t index, const struct packet *k, bool back)
{
	struct pair_view *v = &p->views[index];
	struct pair_packet packet = {
		.attempt = v->attempt,
		.back = back,
		.kind = k->tcp.flags & TCP_RST ? PAIR_RESET : PAIR_SEGMENT,
		.len = (uint32_t)k->payload_wire_len,
	};

	/* What the client acknowledges may be rewritten: it is no part of a packet's identity. */
	if (back)
		number_back(v, k, &packet);
	else
		packet.seq = k->tcp.seq - v->isn;
	take_bytes(p, v, k, back);
	v->answered = v->answered || packet.kind == PAIR_SYNACK;
	if (v->remade)
		return;
	struct sighting s = pairs_sighting(k, v->capture);
	p->captures[v->capture].matched++;
	pairs_add_sighting(p, &packet, &s);
}

static void take_tcp(struct pairs *p, uint8_t capture, const struct packet *k)
{
	bool acked = k->tcp.flags & TCP_ACK;

	for (int back = 0; back < 2; back++) {
		struct pair_view key = pairs_tuple(k, capture, back);
		uint32_t number = back ? k->tcp.ack : k->tcp.seq;
		bool numbered = !back || acked;
		uint32_t at = find_view(p, &key, number, numbered);

		if (at == TRACE_NONE && capture > 0 && acked)
			at = adopt(p, &key, number);
		if (at != TRACE_NONE) {
			take_segment(p, at, k, back);
			return;
		}
	}
}

static void take_error(struct pairs *p, uint8_t capture, const struct packet *k)
{
	struct pair_view key = pairs_tuple(k, capture, false);
	struct sighting s = pairs_sighting(k, capture);
	uint32_t at;

	if (!k->icmp.quoted || k->kind == PACKET_ICMP_OTHER)
		return;
	at = pairs_find_syn(p, &key, 0);
	if (at == TRACE_NONE)
		at = find_view(p, &key, k->icmp.tcp.seq, true);
	if (at == TRACE_NONE || p->views[at].remade)
		return;
	struct pair_packet packet = {
		.attempt = p->views[at].attempt,
		.kind = k->kind == PACKET_ICMP_EXPIRED ? PAIR_EXPIRED : PAIR_REJECTED,
		.back = true,
		.seq = k->icmp.type,
		.ack = k->icmp.code,
		.from = k->ip.src,
	};
	p->captures[capture].matched++;
	pairs_add_sighting(p, &packet, &s);
}

void pairs_take(struct pairs *p, const struct trace *t, uint8_t capture,
		const struct packet *packet)
{
	struct pair_capture *c = &p->captures[capture];

	if (packet->kind == PACKET_TCP) {
		c->tcp++;
		c->has_tcp = true;
		c->syns += is_syn(packet);
	}
	if (packet->loopback && capture == 0)
		return;
	if (packet->kind != PACKET_TCP)
		take_error(p, capture, packet);
	else if (!is_syn(packet))
		take_tcp(p, capture, packet);
	else if (capture == 0)
		pairs_take_own_syn(p, t, packet);
	else
		pairs_take_other_syn(p, t, capture, packet);
}
