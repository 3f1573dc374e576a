/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/results/ledger.h"
#include "trace/match.h"

#define SEQ_STEP 65536 /* apart from what any answer may acknowledge by the way */

/* A packet with what all of this ledger have in common; its number makes it one of its kind. */
static struct packet next_packet(struct ledger *l, int64_t at_ns)
{
	uint32_t number = ++*l->number;
	return (struct packet){.at_ns = at_ns, .frame = number, .file = 1, .digest = number};
}

static struct tcp_header syn_header(const struct ledger *l, const struct ledger_syn *syn)
{
	return (struct tcp_header){
		.src_port = syn->src_port,
		.dst_port = l->dst_port,
		.seq = syn->seq,
		.flags = TCP_SYN,
	};
}

static struct ip_header syn_ip(const struct ledger *l, const struct ledger_syn *syn, uint8_t ttl)
{
	return (struct ip_header){
		.src = l->client,
		.dst = l->server,
		.ttl = ttl,
		.protocol = 6,
		.id = l->server.family == 4 ? syn->ip_id : 0,
	};
}

bool ledger_send(struct ledger *l, uint8_t ttl, int64_t at_ns, struct ledger_syn *out)
{
	struct packet packet = next_packet(l, at_ns);
	*out = (struct ledger_syn){
		.seq = packet.frame * SEQ_STEP + 1,
		.ip_id = (uint16_t)packet.frame,
		.src_port = l->src_port,
		.ttl = ttl,
		.at_ns = at_ns,
	};
	packet.kind = PACKET_TCP;
	packet.ip = syn_ip(l, out, ttl);
	packet.tcp = syn_header(l, out);
	return match_packet(l->trace, &packet) == MATCH_PROBE;
}

static void fill_tcp(const struct ledger *l, const struct ledger_syn *syn,
		     const struct ledger_answer *a, struct packet *packet)
{
	bool acknowledges = (a->flags & (TCP_SYN | TCP_RST)) != 0;
	packet->kind = PACKET_TCP;
	packet->tcp = (struct tcp_header){
		.src_port = l->dst_port,
		.dst_port = syn->src_port,
		/* An acknowledgement alone is of an earlier SYN of the connection (RFC 5961, 4). */
		.ack = syn->seq + (acknowledges ? 1 : SEQ_STEP / 2),
		.flags = a->flags,
		.mss = a->mss,
		.options_len = a->options_len,
	};
}

static void fill_icmp(const struct ledger *l, const struct ledger_syn *syn,
		      const struct ledger_answer *a, struct packet *packet)
{
	bool six = l->server.family == 6;
	packet->kind = a->rejected ? PACKET_ICMP_REJECTED : PACKET_ICMP_EXPIRED;
	packet->icmp = (struct icmp_header){
		.type = a->rejected ? (six ? 1 : 3) : (six ? 3 : 11),
		.code = a->code,
		.quoted = true,
		.probe = syn_ip(l, syn, a->quoted_ttl),
		.tcp = syn_header(l, syn),
	};
}

bool ledger_answer(struct ledger *l, const struct ledger_syn *syn,
		   const struct ledger_answer *answer)
{
	struct packet packet = next_packet(l, answer->at_ns);
	packet.ip = (struct ip_header){
		.src = answer->from,
		.dst = l->client,
		.ttl = answer->ttl,
		.protocol = answer->flags	    ? 6
			    : l->server.family == 6 ? 58
						    : 1,
		.id = l->server.family == 4 ? (uint16_t)packet.frame : 0,
	};
	if (answer->flags)
		fill_tcp(l, syn, answer, &packet);
	else
		fill_icmp(l, syn, answer, &packet);
	return match_packet(l->trace, &packet) != MATCH_STRANGER;
}

void ledger_end(struct ledger *l, const struct ledger_syn *syn)
{
	uint32_t at = trace_find_probe(l->trace, &l->server, l->dst_port, syn->src_port, syn->seq);
	if (at != TRACE_NONE)
		l->trace->probes[at].ended = true;
}
