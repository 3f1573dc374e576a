/* SPDX-License-Identifier: BSD-2-Clause */
#include "trace/match.h"
#include "trace/follow.h"
#include "trace/foreign.h"
#include "trace/stray.h"

/* A retransmission of a SYN takes at least half a second on any stack. */
#define COPY_NS FOREIGN_COPY_NS

/* The probe of a 5-tuple with this sequence number, from the newest back, or TRACE_NONE. */
static uint32_t find_seq(const struct trace *t, uint32_t newest, uint32_t seq)
{
	unsigned steps = 0;
	for (uint32_t at = newest; at != TRACE_NONE && steps++ < TRACE_TUPLE_MAX;
	     at = t->probes[at].next_in_tuple) {
		if (t->probes[at].seq == seq)
			return at;
	}
	return TRACE_NONE;
}

/* The same for a number behind a SYN, or behind some of the data that it carried. */
static uint32_t find_behind(const struct trace *t, uint32_t newest, uint32_t number)
{
	unsigned steps = 0;
	for (uint32_t at = newest; at != TRACE_NONE && steps++ < TRACE_TUPLE_MAX;
	     at = t->probes[at].next_in_tuple) {
		const struct probe *p = &t->probes[at];
		if (number - p->seq - 1 <= p->data)
			return at;
	}
	return TRACE_NONE;
}

/* From one of our own ports or, in somebody else's capture, from the client that is judged. */
static bool is_ours(const struct trace *t, uint32_t server, const struct addr *client,
		    uint16_t port)
{
	if (!t->run.own)
		return foreign_admits(t, server, client);
	return trace_port_kind(t, port) != PROBE_FOREIGN;
}

static enum match again(const struct trace *t, struct probe *p, const struct packet *packet)
{
	if (!t->run.own)
		return foreign_again(p, packet);
	p->loopback = p->loopback && packet->loopback;
	if (packet->at_ns - p->last_ns < COPY_NS) {
		p->copies++;
		return MATCH_COPY;
	}
	p->sent++;
	p->last_ns = packet->at_ns;
	return MATCH_PROBE;
}

static enum match add_probe(struct trace *t, const struct packet *packet, uint32_t server)
{
	const struct tcp_header *tcp = &packet->tcp;
	struct probe item = {
		.server = server,
		.kind = trace_port_kind(t, tcp->src_port),
		.dst_port = tcp->dst_port,
		.src_port = tcp->src_port,
		.seq = tcp->seq,
		.data = (uint32_t)packet->payload_wire_len,
		.ttl = packet->ip.ttl,
		.tos = packet->ip.tos,
		.ip_id = packet->ip.id,
		.window = tcp->window,
		.at_ns = packet->at_ns,
		.last_ns = packet->at_ns,
		.frame = packet->frame,
		.file = packet->file,
		.ifindex = packet->ifindex,
		.sent = 1,
		.loopback = packet->loopback,
	};
	return trace_add_probe(t, &item) == TRACE_NONE ? MATCH_STRANGER : MATCH_PROBE;
}

static enum match match_outgoing(struct trace *t, const struct packet *packet, uint32_t server)
{
	const struct tcp_header *tcp = &packet->tcp;
	if (tcp->dst_port == 0 || !is_ours(t, server, &packet->ip.src, tcp->src_port))
		return MATCH_STRANGER;
	uint32_t newest = trace_find_tuple(t, &packet->ip.dst, tcp->dst_port, tcp->src_port);
	bool syn = (tcp->flags & (TCP_SYN | TCP_ACK | TCP_RST)) == TCP_SYN;
	uint32_t at = !syn	   ? find_behind(t, newest, tcp->seq)
		      : t->run.own ? find_seq(t, newest, tcp->seq)
				   : foreign_find_syn(t, newest, packet);
	if (syn && at == TRACE_NONE)
		return add_probe(t, packet, server);
	if (at == TRACE_NONE && !t->run.own && (tcp->flags & (TCP_ACK | TCP_RST)) == TCP_ACK)
		at = foreign_accepted(t, newest, packet);
	if (at == TRACE_NONE)
		return newest == TRACE_NONE ? MATCH_STRANGER : MATCH_FLOW;
	if (syn)
		return again(t, &t->probes[at], packet);
	if (tcp->flags & TCP_RST)
		t->probes[at].closed = true;
	else if (tcp->flags & TCP_ACK)
		t->probes[at].established = true;
	return MATCH_FLOW;
}

static bool is_again(const struct trace *t, const struct reply *r, const struct reply *item,
		     const struct packet *packet)
{
	if (r->digest == packet->digest && packet->at_ns - r->at_ns < COPY_NS)
		return true;
	return !t->run.own && foreign_same_answer(r, item, packet);
}

/* Whether the probe's chain already has this very packet (then it counts the copy), or no room. */
static bool is_copy(struct trace *t, const struct reply *item, const struct packet *packet)
{
	unsigned steps = 0;
	for (uint32_t at = t->probes[item->probe].first_reply; at != TRACE_NONE;
	     at = t->replies[at].next) {
		struct reply *r = &t->replies[at];
		if (is_again(t, r, item, packet)) {
			r->copies++;
			r->loopback = r->loopback && packet->loopback;
			/* Of a mirrored answer, the copy nearest to the client counts. */
			if (packet->ip.ttl < r->ttl)
				r->ttl = packet->ip.ttl;
			return true;
		}
		if (++steps == TRACE_ANSWERS_MAX) {
			t->full = true;
			return true;
		}
	}
	return false;
}

static enum match add_reply(struct trace *t, const struct packet *packet, struct reply *item)
{
	if (is_copy(t, item, packet))
		return MATCH_COPY;
	item->from = packet->ip.src;
	item->at_ns = packet->at_ns;
	item->frame = packet->frame;
	item->file = packet->file;
	item->ifindex = packet->ifindex;
	item->loopback = packet->loopback;
	item->ttl = packet->ip.ttl;
	item->tos = packet->ip.tos;
	item->ip_id = packet->ip.id;
	item->dont_fragment = packet->ip.dont_fragment;
	item->flow_label = packet->ip.flow_label;
	item->digest = packet->digest;
	return trace_add_reply(t, item) ? MATCH_REPLY : MATCH_STRANGER;
}

/*
 * A SYN-ACK or reset that acknowledges another number than any SYN of the 5-tuple carried is what a
 * conforming stack in SYN-SENT would not accept (RFC 9293, 3.10.7.3): kept, as an oddity of the
 * newest SYN.
 */
static enum match match_incoming(struct trace *t, const struct packet *packet)
{
	const struct tcp_header *tcp = &packet->tcp;
	uint32_t newest =
		t->run.own ? trace_find_tuple(t, &packet->ip.src, tcp->src_port, tcp->dst_port)
			   : foreign_answered(t, packet);
	if (newest == TRACE_NONE ||
	    !is_ours(t, t->probes[newest].server, &packet->ip.dst, tcp->dst_port))
		return MATCH_STRANGER;
	bool syn = (tcp->flags & TCP_SYN) != 0;
	bool reset = (tcp->flags & TCP_RST) != 0;
	bool ack = (tcp->flags & TCP_ACK) != 0;
	uint32_t at = ack ? find_behind(t, newest, tcp->ack) : TRACE_NONE;
	bool valid = at != TRACE_NONE;
	bool bare_ack = ack && packet->payload_wire_len == 0 && !(tcp->flags & TCP_FIN);
	if (!valid)
		at = newest;
	if (!syn && !reset && (valid || !bare_ack || t->probes[at].established))
		return MATCH_FLOW;
	struct reply item = {
		.probe = at,
		.kind = syn && ack && valid && !reset ? REPLY_SYNACK
			: reset			      ? REPLY_RESET
						      : REPLY_ODD,
		.flags = tcp->flags,
		.options_len = tcp->options_len,
		.window = tcp->window,
		.mss = tcp->mss,
		.seq = tcp->seq,
		.ack = tcp->ack,
		.ack_valid = valid,
	};
	if (reset && t->probes[at].established)
		return MATCH_FLOW;
	return add_reply(t, packet, &item);
}

static uint32_t find_quoted(struct trace *t, const struct packet *packet)
{
	const struct icmp_header *icmp = &packet->icmp;
	if (!t->run.own)
		return foreign_find_quoted(t, foreign_answered(t, packet), packet);
	uint32_t newest =
		trace_find_tuple(t, &icmp->probe.dst, icmp->tcp.dst_port, icmp->tcp.src_port);
	return find_seq(t, newest, icmp->tcp.seq);
}

static enum match match_icmp(struct trace *t, const struct packet *packet)
{
	const struct icmp_header *icmp = &packet->icmp;
	if (!icmp->quoted)
		return MATCH_STRANGER;
	uint32_t at = find_quoted(t, packet);
	if (at == TRACE_NONE ||
	    !is_ours(t, t->probes[at].server, &packet->ip.dst, icmp->tcp.src_port))
		return MATCH_STRANGER;
	/* Fragmentation needed is no refusal of the port. */
	bool too_big = packet->ip.src.family == 4 && icmp->type == 3 && icmp->code == 4;
	if (packet->kind == PACKET_ICMP_OTHER || too_big)
		return MATCH_FLOW;
	struct reply item = {
		.probe = at,
		.kind = packet->kind == PACKET_ICMP_EXPIRED ? REPLY_EXPIRED : REPLY_REJECTED,
		.icmp_type = icmp->type,
		.icmp_code = icmp->code,
		.quoted_ttl = icmp->probe.ttl,
		.quoted_tos = icmp->probe.tos,
		.quoted_src = icmp->probe.src,
		.mpls_n = icmp->mpls_n,
	};
	return add_reply(t, packet, &item);
}

enum match match_packet(struct trace *t, const struct packet *packet)
{
	bool tcp = packet->kind == PACKET_TCP;
	enum match m = tcp ? match_incoming(t, packet) : match_icmp(t, packet);
	if (m == MATCH_STRANGER && tcp) {
		uint32_t server = trace_find_server(t, &packet->ip.dst);
		if (server != TRACE_NONE)
			m = match_outgoing(t, packet, server);
	}
	if (m == MATCH_FLOW || (m == MATCH_STRANGER && !tcp))
		m = follow_packet(t, packet, m);
	if (m == MATCH_STRANGER && stray_match(t, packet))
		m = MATCH_FLOW;
	if (m != MATCH_STRANGER)
		trace_clock(t, packet->at_ns);
	return m;
}
