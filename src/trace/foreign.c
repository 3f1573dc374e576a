/* SPDX-License-Identifier: BSD-2-Clause */
#include "trace/foreign.h"

bool foreign_admits(const struct trace *t, uint32_t server, const struct addr *client)
{
	return addr_equal(&t->servers[server].client, client);
}

/* The same SYN on its way past a second point of the capture. */
static bool is_mirrored(const struct probe *p, const struct packet *packet)
{
	if (packet->at_ns - p->last_ns >= FOREIGN_COPY_NS || p->window != packet->tcp.window)
		return false;
	if (p->ip_id || packet->ip.id)
		return p->ip_id == packet->ip.id;
	/* Without an ID (IPv6), tools go up in TTL; the same packet only goes down. */
	return packet->ip.ttl < p->ttl;
}

static bool repeats(const struct probe *p, const struct packet *packet)
{
	bool numbered = p->ip_id && packet->ip.id && p->ip_id != packet->ip.id;

	if (p->seq != packet->tcp.seq)
		return false;
	if (p->implied)
		return true;
	if (p->ttl != packet->ip.ttl)
		return is_mirrored(p, packet);
	/* A tool that traces a path sends several alike; the kernel repeats itself at full TTL. */
	return packet->ip.ttl > TRACE_FOREIGN_TTL_MAX || !numbered;
}

uint32_t foreign_find_syn(const struct trace *t, uint32_t newest, const struct packet *packet)
{
	unsigned steps = 0;

	for (uint32_t at = newest; at != TRACE_NONE && steps++ < TRACE_TUPLE_MAX;
	     at = t->probes[at].next_in_tuple) {
		if (repeats(&t->probes[at], packet))
			return at;
	}
	return TRACE_NONE;
}

static void take_syn(struct probe *p, const struct packet *packet)
{
	p->implied = false;
	p->ttl = packet->ip.ttl;
	p->data = (uint32_t)packet->payload_wire_len;
	p->tos = packet->ip.tos;
	p->ip_id = packet->ip.id;
	p->window = packet->tcp.window;
	p->at_ns = p->last_ns = packet->at_ns;
	p->frame = packet->frame;
	p->file = packet->file;
	p->ifindex = packet->ifindex;
	p->loopback = packet->loopback;
}

enum match foreign_again(struct probe *p, const struct packet *packet)
{
	if (p->implied) {
		take_syn(p, packet);
		return MATCH_PROBE;
	}
	p->loopback = p->loopback && packet->loopback;
	if (packet->at_ns - p->last_ns < FOREIGN_COPY_NS) {
		/* Hops count from where it was captured first on its way. */
		if (packet->ip.ttl > p->ttl)
			p->ttl = packet->ip.ttl;
		p->copies++;
		return MATCH_COPY;
	}
	p->sent++;
	p->last_ns = packet->at_ns;
	return MATCH_PROBE;
}

uint32_t foreign_find_quoted(const struct trace *t, uint32_t newest, const struct packet *packet)
{
	const struct icmp_header *icmp = &packet->icmp;
	uint32_t best = TRACE_NONE;
	unsigned steps = 0;

	for (uint32_t at = newest; at != TRACE_NONE && steps++ < TRACE_TUPLE_MAX;
	     at = t->probes[at].next_in_tuple) {
		const struct probe *p = &t->probes[at];

		if (p->seq != icmp->tcp.seq)
			continue;
		if (icmp->probe.id && p->ip_id == icmp->probe.id)
			return at;
		if (best == TRACE_NONE)
			best = at;
	}
	return best;
}

/* Who asked whom, as an answer tells. */
struct asked {
	const struct addr *server, *client;
	uint16_t dst_port, src_port;
	uint32_t seq;
};

/* A closed port answers a SYN with a reset of sequence number zero (RFC 9293, 3.10.7.1). */
static bool answers_syn(const struct tcp_header *tcp)
{
	uint8_t flags = tcp->flags & (TCP_SYN | TCP_ACK | TCP_RST);

	return flags == (TCP_SYN | TCP_ACK) || (flags == (TCP_RST | TCP_ACK) && tcp->seq == 0);
}

/* What the packet answers; false when that need not be a SYN. */
static bool read_asked(const struct packet *packet, struct asked *out)
{
	const struct tcp_header *tcp = &packet->tcp;
	const struct icmp_header *icmp = &packet->icmp;

	if (packet->kind == PACKET_TCP) {
		*out = (struct asked){&packet->ip.src, &packet->ip.dst, tcp->src_port,
				      tcp->dst_port, tcp->ack - 1};
		return answers_syn(tcp);
	}
	*out = (struct asked){&icmp->probe.dst, &packet->ip.dst, icmp->tcp.dst_port,
			      icmp->tcp.src_port, icmp->tcp.seq};
	if (!icmp->quoted || packet->kind == PACKET_ICMP_OTHER)
		return false;
	return icmp->tcp.cut || (icmp->tcp.flags & (TCP_SYN | TCP_ACK | TCP_RST)) == TCP_SYN;
}

/* Adds the SYN that `by`, a packet from the server, answers; its index, or TRACE_NONE. */
static uint32_t imply(struct trace *t, const struct probe *of, const struct reply *by)
{
	struct probe item = *of;

	item.kind = PROBE_FOREIGN;
	item.at_ns = item.last_ns = by->at_ns;
	item.frame = by->frame;
	item.file = by->file;
	item.ifindex = by->ifindex;
	item.sent = 1;
	item.implied = true;
	return trace_add_probe(t, &item);
}

/*
 * Whether a SYN that the capture lacks may have drawn the packet, as none of the 5-tuple did: of
 * those one is implied with other numbers, or was reset, whereupon nobody accepts it any more.
 */
static bool is_of_another(const struct probe *p, const struct asked *asked, bool accepts)
{
	return (p->implied || (accepts && p->ended)) && asked->seq - p->seq > p->data;
}

uint32_t foreign_answered(struct trace *t, const struct packet *packet)
{
	struct asked asked;
	bool of_syn = read_asked(packet, &asked);
	bool accepts = packet->kind == PACKET_TCP && packet->tcp.flags & TCP_SYN;
	uint32_t newest = trace_find_tuple(t, asked.server, asked.dst_port, asked.src_port);
	uint32_t server = trace_find_server(t, asked.server);
	unsigned steps = 0;
	uint32_t added;

	if (!of_syn || server == TRACE_NONE || asked.dst_port == 0 ||
	    !foreign_admits(t, server, asked.client))
		return newest;
	for (uint32_t at = newest; at != TRACE_NONE; at = t->probes[at].next_in_tuple) {
		if (!is_of_another(&t->probes[at], &asked, accepts) || steps++ == TRACE_TUPLE_MAX)
			return newest;
	}
	added = imply(t,
		      &(struct probe){.server = server,
				      .dst_port = asked.dst_port,
				      .src_port = asked.src_port,
				      .seq = asked.seq},
		      &(struct reply){.at_ns = packet->at_ns,
				      .frame = packet->frame,
				      .file = packet->file,
				      .ifindex = packet->ifindex});
	return added == TRACE_NONE ? newest : added;
}

/* The probe's reply that an ACK of the client accepts as the answer to another SYN, if any. */
static uint32_t find_accepted(const struct trace *t, const struct probe *p,
			      const struct tcp_header *tcp)
{
	for (uint32_t at = p->first_reply; at != TRACE_NONE; at = t->replies[at].next) {
		const struct reply *r = &t->replies[at];
		bool synack = r->kind == REPLY_ODD && (r->flags & TCP_SYN) && (r->flags & TCP_ACK);

		if (synack && r->ack == tcp->seq && r->seq + 1 == tcp->ack)
			return at;
	}
	return TRACE_NONE;
}

uint32_t foreign_accepted(struct trace *t, uint32_t newest, const struct packet *packet)
{
	const struct tcp_header *tcp = &packet->tcp;
	uint32_t reply = TRACE_NONE, server = TRACE_NONE, added;
	unsigned steps = 0;

	for (uint32_t at = newest;
	     reply == TRACE_NONE && at != TRACE_NONE && steps++ < TRACE_TUPLE_MAX;
	     at = t->probes[at].next_in_tuple) {
		server = t->probes[at].server;
		reply = find_accepted(t, &t->probes[at], tcp);
	}
	if (reply == TRACE_NONE)
		return TRACE_NONE;
	added = imply(t,
		      &(struct probe){.server = server,
				      .dst_port = tcp->dst_port,
				      .src_port = tcp->src_port,
				      .seq = tcp->seq - 1},
		      &t->replies[reply]);
	if (added == TRACE_NONE)
		return TRACE_NONE;
	t->replies[reply].kind = REPLY_SYNACK;
	t->replies[reply].ack_valid = true;
	trace_move_reply(t, reply, added);
	return added;
}

bool foreign_same_answer(const struct reply *a, const struct reply *b, const struct packet *packet)
{
	bool same_packet = addr_equal(&a->from, &packet->ip.src) && a->ip_id == packet->ip.id &&
			   packet->at_ns - a->at_ns < FOREIGN_COPY_NS;
	bool same_tcp = a->flags == b->flags && a->seq == b->seq && a->ack == b->ack &&
			a->window == b->window;

	return same_packet && same_tcp && a->kind == b->kind && a->icmp_type == b->icmp_type &&
	       a->icmp_code == b->icmp_code && a->quoted_ttl == b->quoted_ttl;
}
