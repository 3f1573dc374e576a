/* SPDX-License-Identifier: BSD-2-Clause */
/* SYNs: an attempt of the client, or one of them again elsewhere. */
#include "base/bytes.h"
#include "trace/pairs_key.h"

struct pair_view pairs_tuple(const struct packet *k, uint8_t capture, bool back)
{
	const struct ip_header *ip = k->kind == PACKET_TCP ? &k->ip : &k->icmp.probe;
	const struct tcp_header *tcp = k->kind == PACKET_TCP ? &k->tcp : &k->icmp.tcp;

	return (struct pair_view){
		.capture = capture,
		.src = back ? ip->dst : ip->src,
		.dst = back ? ip->src : ip->dst,
		.src_port = back ? tcp->dst_port : tcp->src_port,
		.dst_port = back ? tcp->src_port : tcp->dst_port,
		.isn = tcp->seq,
		.frame = k->frame,
		.at_ns = k->at_ns,
	};
}

uint32_t pairs_find_syn(struct pairs *p, const struct pair_view *key, uint8_t ttl)
{
	uint32_t at = pairs_head_tuple(p, key);
	unsigned steps = 0;

	for (; at != TRACE_NONE && pairs_walk(p, &steps); at = p->views[at].next_in_bucket) {
		const struct pair_view *v = &p->views[at];

		if (pairs_same_tuple(v, key) && v->isn == key->isn &&
		    (!ttl || p->attempts[v->attempt].ttl == ttl))
			return at;
	}
	return TRACE_NONE;
}

struct sighting pairs_sighting(const struct packet *k, uint8_t capture)
{
	struct pair_view tuple = pairs_tuple(k, capture, false);
	struct sighting s = {
		.frame = k->frame,
		.capture = capture,
		.ttl = k->ip.ttl,
		.loopback = k->loopback,
		.way = k->direction == DIRECTION_IN    ? SIGHT_IN
		       : k->direction == DIRECTION_OUT ? SIGHT_OUT
						       : SIGHT_UNKNOWN,
		.at_ns = k->at_ns,
		.src = k->ip.src,
		.dst = k->ip.dst,
		.src_port = tuple.src_port,
		.dst_port = tuple.dst_port,
		.seq = tuple.isn,
		.ip_id = k->ip.id,
	};

	if (k->kind != PACKET_TCP)
		return s;
	s.flags = k->tcp.flags;
	s.options_len = k->tcp.options_len;
	s.stamp = k->tcp.has_timestamp ? k->tcp.ts_value : 0;
	s.ack = k->tcp.ack;
	s.window = k->tcp.window;
	s.mss = k->tcp.mss;
	s.payload_n = (uint32_t)k->payload_len;
	s.payload = bytes_hash(k->payload, k->payload_len, 0);
	return s;
}

static const struct sighting *own_syn(const struct pairs *p, uint32_t attempt)
{
	uint32_t first = p->attempts[attempt].first;

	return first == TRACE_NONE ? NULL : pairs_seen(p, &p->packets[first], 0);
}

/* How well a SYN that has the attempt's sequence number fits in all else; 0: not at all. */
static int fit_by_seq(const struct pairs *p, uint32_t attempt, const struct packet *k,
		      const struct sighting *looks)
{
	const struct sighting *own = own_syn(p, attempt);
	int fit = 0;

	if (!own || own->src.family != k->ip.src.family || own->seq != k->tcp.seq)
		return 0;
	bool same_id = looks->ip_id && own->ip_id == looks->ip_id;
	bool same_server = own->dst_port == k->tcp.dst_port && addr_equal(&own->dst, &k->ip.dst);
	bool same_looks = own->src_port == k->tcp.src_port && own->window == looks->window &&
			  own->options_len == looks->options_len;
	if (!same_server && !same_looks && !same_id)
		return 0;
	fit = 1 + 8 * same_server + 4 * same_id + 2 * same_looks +
	      (own->src_port == k->tcp.src_port);
	return own->ttl >= k->ip.ttl ? fit + 1 : fit;
}

static uint32_t best_by_seq(struct pairs *p, const struct packet *k)
{
	const struct sighting looks = pairs_sighting(k, 0);
	unsigned steps = 0;
	uint32_t best = TRACE_NONE;
	int most = 0;

	for (uint32_t at = pairs_head_seq(p, k->tcp.seq); at != TRACE_NONE && pairs_walk(p, &steps);
	     at = p->attempts[at].by_seq) {
		int fit = fit_by_seq(p, at, k, &looks);

		if (fit > most) {
			most = fit;
			best = at;
		}
	}
	return best;
}

/* The newest attempt with these ports and this server; `alike`: that also looks the same. */
static uint32_t best_by_ports(struct pairs *p, const struct packet *k, bool alike)
{
	const struct sighting looks = pairs_sighting(k, 0);
	const struct pair_view key = pairs_tuple(k, 0, false);
	unsigned steps = 0;

	for (uint32_t at = pairs_head_ports(p, &key); at != TRACE_NONE && pairs_walk(p, &steps);
	     at = p->attempts[at].by_ports) {
		const struct sighting *own = own_syn(p, at);

		if (!own || own->src_port != k->tcp.src_port || own->dst_port != k->tcp.dst_port ||
		    !addr_equal(&own->dst, &k->ip.dst))
			continue;
		if (!alike ||
		    (looks.ip_id && own->ip_id == looks.ip_id && own->window == looks.window &&
		     own->options_len == looks.options_len))
			return at;
	}
	return TRACE_NONE;
}

/* An attempt to this server that looks the same, whatever became of its ports and numbers. */
static uint32_t best_by_looks(struct pairs *p, const struct packet *k, uint8_t capture)
{
	const struct sighting looks = pairs_sighting(k, capture);
	unsigned steps = 0;

	if (!looks.stamp && !looks.ip_id)
		return TRACE_NONE;
	for (uint32_t at = pairs_head_looks(p, &looks); at != TRACE_NONE && pairs_walk(p, &steps);
	     at = p->attempts[at].by_looks) {
		const struct sighting *own = own_syn(p, at);
		bool same = own && own->stamp == looks.stamp && own->ip_id == looks.ip_id &&
			    own->dst_port == looks.dst_port && own->window == looks.window &&
			    own->options_len == looks.options_len && own->ttl >= looks.ttl &&
			    addr_equal(&own->dst, &looks.dst);

		if (same && !pairs_view(p, at, capture))
			return at;
	}
	return TRACE_NONE;
}

static void add_syn(struct pairs *p, uint32_t attempt, uint8_t capture, const struct packet *k)
{
	struct pair_packet packet = {.attempt = attempt, .kind = PAIR_SYN};
	struct sighting s = pairs_sighting(k, capture);

	packet.len = (uint32_t)k->payload_wire_len;
	p->captures[capture].matched++;
	pairs_add_sighting(p, &packet, &s);
}

void pairs_take_own_syn(struct pairs *p, const struct trace *t, const struct packet *k)
{
	struct pair_view view = pairs_tuple(k, 0, false);
	uint32_t server = trace_find_server(t, &k->ip.dst);
	uint32_t at = pairs_find_syn(p, &view, k->ip.ttl);
	struct sighting syn = pairs_sighting(k, 0);
	struct attempt attempt = {.server = server, .port = k->tcp.dst_port, .ttl = k->ip.ttl};

	if (server == TRACE_NONE ||
	    trace_find_tuple(t, &k->ip.dst, k->tcp.dst_port, k->tcp.src_port) == TRACE_NONE)
		return;
	uint32_t index = at == TRACE_NONE ? pairs_add_attempt(p, &attempt, &view, &syn)
					  : p->views[at].attempt;
	if (index != TRACE_NONE)
		add_syn(p, index, 0, k);
}

void pairs_take_other_syn(struct pairs *p, const struct trace *t, uint8_t capture,
			  const struct packet *k)
{
	struct pair_view view = pairs_tuple(k, capture, false);
	uint32_t best = best_by_seq(p, k);

	if (best == TRACE_NONE) {
		best = best_by_ports(p, k, true);
		best = best == TRACE_NONE ? best_by_looks(p, k, capture) : best;
		view.shifted = best != TRACE_NONE;
	}
	if (best == TRACE_NONE) {
		best = best_by_ports(p, k, false);
		view.remade = best != TRACE_NONE;
	}
	if (best == TRACE_NONE) {
		p->captures[capture].strangers += trace_find_server(t, &k->ip.dst) != TRACE_NONE;
		return;
	}
	view.attempt = best;
	/* Attempts that differ in their TTL alone share what follows. */
	uint32_t at = pairs_find_syn(p, &view, 0);
	if (at == TRACE_NONE || p->views[at].attempt != best)
		(void)pairs_add_view(p, &view);
	if (!view.remade)
		add_syn(p, best, capture, k);
}
