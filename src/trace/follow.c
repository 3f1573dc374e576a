/* SPDX-License-Identifier: BSD-2-Clause */
#include "trace/follow.h"
#include "trace/overhear.h"

#define COPY_NS (300 * INT64_C(1000000))

static bool is_followed(const struct trace *t, const struct probe *p)
{
	return p->kind == PROBE_KERNEL ||
	       (p->kind == PROBE_FOREIGN && p->dst_port == t->servers[p->server].port);
}

/* Whether the probe's chain has this very packet already, or these bytes (then *again). */
static bool seen(const struct trace *t, const struct probe *p, struct flow_packet *item)
{
	for (uint32_t at = p->first_packet; at != TRACE_NONE; at = t->flow_packets[at].next) {
		const struct flow_packet *known = &t->flow_packets[at];
		if (known->kind != item->kind)
			continue;
		if (known->digest == item->digest && item->at_ns - known->at_ns < COPY_NS)
			return true;
		item->again =
			item->again || (item->len > 0 && known->len > 0 && known->seq == item->seq);
	}
	return false;
}

static enum match add(struct trace *t, uint32_t probe, const struct packet *packet,
		      struct flow_packet *item)
{
	item->probe = probe;
	item->from = packet->ip.src;
	item->at_ns = packet->at_ns;
	item->frame = packet->frame;
	item->file = packet->file;
	item->ttl = packet->ip.ttl;
	item->ip_id = packet->ip.id;
	item->digest = packet->digest;
	if (seen(t, &t->probes[probe], item))
		return MATCH_COPY;
	(void)trace_add_flow_packet(t, item);
	return MATCH_FLOW;
}

static enum match follow_tcp(struct trace *t, const struct packet *packet, enum match m)
{
	const struct tcp_header *tcp = &packet->tcp;
	struct flow_packet item = {
		.kind = FLOW_IN,
		.flags = tcp->flags,
		.seq = tcp->seq,
		.ack = tcp->ack,
		.len = (uint32_t)packet->payload_wire_len,
	};
	uint32_t probe = trace_find_tuple(t, &packet->ip.src, tcp->src_port, tcp->dst_port);
	if (probe == TRACE_NONE) {
		item.kind = FLOW_OUT;
		probe = trace_find_tuple(t, &packet->ip.dst, tcp->dst_port, tcp->src_port);
	}
	if (probe == TRACE_NONE || !is_followed(t, &t->probes[probe]))
		return m;
	enum match result = add(t, probe, packet, &item);
	if (result == MATCH_FLOW && t->probes[probe].kind == PROBE_FOREIGN)
		overhear_packet(t, probe, packet, item.kind == FLOW_OUT);
	return result;
}

static enum match follow_icmp(struct trace *t, const struct packet *packet, enum match m)
{
	const struct icmp_header *icmp = &packet->icmp;
	struct flow_packet item = {
		.kind = FLOW_ICMP,
		.icmp_type = icmp->type,
		.icmp_code = icmp->code,
		.quoted_ttl = icmp->probe.ttl,
		.seq = icmp->tcp.seq,
	};
	uint32_t probe =
		trace_find_tuple(t, &icmp->probe.dst, icmp->tcp.dst_port, icmp->tcp.src_port);
	if (probe == TRACE_NONE || !is_followed(t, &t->probes[probe]))
		return m;
	return add(t, probe, packet, &item);
}

enum match follow_packet(struct trace *t, const struct packet *packet, enum match m)
{
	if (packet->kind == PACKET_TCP)
		return follow_tcp(t, packet, m);
	return packet->icmp.quoted ? follow_icmp(t, packet, m) : m;
}
