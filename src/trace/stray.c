/* SPDX-License-Identifier: BSD-2-Clause */
#include "trace/stray.h"

static bool is_ours(const struct trace *t, uint16_t port)
{
	return t->run.own && trace_port_kind(t, port) != PROBE_FOREIGN;
}

/* Copies of one packet on several interfaces count once. */
static bool is_known(const struct trace *t, const struct stray *item)
{
	for (size_t i = t->strays_n; i > 0; i--) {
		const struct stray *s = &t->strays[i - 1];
		if (s->kind == item->kind && s->src_port == item->src_port &&
		    s->port == item->port && s->seq == item->seq &&
		    addr_equal(&s->other, &item->other))
			return true;
	}
	return false;
}

static bool add(struct trace *t, const struct packet *packet, struct stray *item)
{
	if (is_known(t, item))
		return true;
	item->loopback = packet->loopback;
	item->at_ns = packet->at_ns;
	item->frame = packet->frame;
	item->file = packet->file;
	return trace_add_stray(t, item);
}

static bool match_tcp(struct trace *t, const struct packet *packet)
{
	const struct tcp_header *tcp = &packet->tcp;
	bool syn = (tcp->flags & (TCP_SYN | TCP_ACK | TCP_RST)) == TCP_SYN;
	if (syn && is_ours(t, tcp->src_port)) {
		struct stray item = {
			.kind = STRAY_SYN,
			.server = TRACE_NONE,
			.port = tcp->dst_port,
			.src_port = tcp->src_port,
			.seq = tcp->seq,
			.other = packet->ip.dst,
		};
		return add(t, packet, &item);
	}
	uint32_t server = trace_find_server(t, &packet->ip.src);
	if (!(tcp->flags & TCP_RST) || !(tcp->flags & TCP_ACK) || !packet->loopback ||
	    server == TRACE_NONE || !is_ours(t, tcp->dst_port))
		return false;
	struct stray item = {
		.kind = STRAY_RESET,
		.server = server,
		.port = tcp->src_port,
		.src_port = tcp->dst_port,
		.seq = tcp->ack - 1,
		.other = packet->ip.src,
	};
	return add(t, packet, &item);
}

static bool match_icmp(struct trace *t, const struct packet *packet)
{
	const struct icmp_header *icmp = &packet->icmp;
	uint32_t server = icmp->quoted ? trace_find_server(t, &icmp->probe.dst) : TRACE_NONE;
	if (packet->kind != PACKET_ICMP_REJECTED || !packet->loopback || server == TRACE_NONE ||
	    !is_ours(t, icmp->tcp.src_port))
		return false;
	struct stray item = {
		.kind = STRAY_ICMP,
		.server = server,
		.port = icmp->tcp.dst_port,
		.src_port = icmp->tcp.src_port,
		.seq = icmp->tcp.seq,
		.other = packet->ip.src,
		.icmp_type = icmp->type,
		.icmp_code = icmp->code,
	};
	return add(t, packet, &item);
}

bool stray_match(struct trace *t, const struct packet *packet)
{
	return packet->kind == PACKET_TCP ? match_tcp(t, packet) : match_icmp(t, packet);
}
