/* SPDX-License-Identifier: BSD-2-Clause */
#include "frame.h"
#include <string.h>

struct out {
	uint8_t *bytes;
	size_t n;
};

static void put8(struct out *o, unsigned v)
{
	o->bytes[o->n++] = (uint8_t)v;
}

static void put16(struct out *o, unsigned v)
{
	put8(o, v >> 8);
	put8(o, v & 0xff);
}

static void put32(struct out *o, uint32_t v)
{
	put16(o, v >> 16);
	put16(o, v & 0xffff);
}

static void put_zeros(struct out *o, size_t n)
{
	memset(o->bytes + o->n, 0, n);
	o->n += n;
}

static void put_addr(struct out *o, const struct addr *a)
{
	size_t len = a->family == 6 ? 16 : 4;
	memcpy(o->bytes + o->n, a->b, len);
	o->n += len;
}

/* draft-ietf-opsawg-pcaplinktype, LINKTYPE_LINUX_SLL2. */
static void put_link(struct out *o, const struct packet *p)
{
	put16(o, p->ip.src.family == 6 ? 0x86dd : 0x0800);
	put16(o, 0);
	put32(o, p->ifindex);
	put16(o, 1);
	put8(o, p->direction == DIRECTION_OUT ? 4 : 0);
	put8(o, 6);
	put_zeros(o, 8);
}

static void put_ip(struct out *o, const struct ip_header *ip, size_t payload)
{
	if (ip->src.family == 6) {
		put32(o, 0x60000000u | ip->flow_label);
		put16(o, (unsigned)payload);
		put8(o, ip->protocol);
		put8(o, ip->ttl);
	} else {
		put16(o, 0x4500u | ip->tos);
		put16(o, (unsigned)payload + 20);
		put16(o, ip->id);
		put16(o, ip->dont_fragment ? 0x4000 : 0);
		put8(o, ip->ttl);
		put8(o, ip->protocol);
		put16(o, 0);
	}
	put_addr(o, &ip->src);
	put_addr(o, &ip->dst);
}

static void put_tcp(struct out *o, const struct tcp_header *tcp)
{
	unsigned words = 5 + tcp->options_len / 4;
	put16(o, tcp->src_port);
	put16(o, tcp->dst_port);
	put32(o, tcp->seq);
	put32(o, tcp->ack);
	put16(o, words << 12 | tcp->flags);
	put16(o, tcp->window);
	put32(o, 0);
	if (words == 5)
		return;
	put8(o, 2);
	put8(o, 4);
	put16(o, tcp->mss);
	put_zeros(o, tcp->options_len - 4u);
}

static void put_icmp(struct out *o, const struct packet *p)
{
	put8(o, p->icmp.type);
	put8(o, p->icmp.code);
	put16(o, 0);
	put32(o, 0);
	put_ip(o, &p->icmp.probe, 20);
	put16(o, p->icmp.tcp.src_port);
	put16(o, p->icmp.tcp.dst_port);
	put32(o, p->icmp.tcp.seq);
}

size_t frame_encode(const struct packet *p, uint8_t out[FRAME_BYTES_MAX])
{
	struct out o = {out, 0};
	size_t quote = p->ip.src.family == 6 ? 48 : 28;
	bool tcp = p->kind == PACKET_TCP;
	put_link(&o, p);
	put_ip(&o, &p->ip, tcp ? 20u + p->tcp.options_len : 8 + quote);
	if (tcp)
		put_tcp(&o, &p->tcp);
	else
		put_icmp(&o, p);
	return o.n;
}
