/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/send/craft.h"
#include <errno.h>
#include <string.h>

/* The headers as libnet has them now; 0 or an errno. */
static int build_ip(struct crafter *c, const struct sender_packet *p, uint32_t tcp_len)
{
	struct libnet_in6_addr src, dst;
	uint32_t src4, dst4;

	if (p->dst.family == 4) {
		memcpy(&src4, p->src.b, sizeof(src4));
		memcpy(&dst4, p->dst.b, sizeof(dst4));
		c->ip = libnet_build_ipv4((uint16_t)(LIBNET_IPV4_H + tcp_len), 0, p->ip_id, IP_DF,
					  p->ttl, IPPROTO_TCP, 0, src4, dst4, NULL, 0, c->net,
					  c->ip);
	} else {
		memcpy(&src, p->src.b, sizeof(src));
		memcpy(&dst, p->dst.b, sizeof(dst));
		/* Flow label 0: some versions of libnet garble any other. */
		c->ip = libnet_build_ipv6(0, 0, (uint16_t)tcp_len, IPPROTO_TCP, p->ttl, src, dst,
					  NULL, 0, c->net, c->ip);
	}
	return c->ip < 0 ? ENOMEM : 0;
}

int craft_build(struct crafter *c, const struct sender_packet *p, const struct segment *seg)
{
	uint32_t tcp_len = LIBNET_TCP_H + seg->options_len;

	/* Blocks of another size would leave stale lengths behind. */
	if (c->options_len != seg->options_len) {
		libnet_clear_packet(c->net);
		c->options = c->tcp = c->ip = 0;
		c->options_len = seg->options_len;
	}
	if (seg->options_len) {
		c->options = libnet_build_tcp_options(seg->options, seg->options_len, c->net,
						      c->options);
		if (c->options < 0)
			goto failed;
	}
	c->tcp = libnet_build_tcp(p->src_port, p->dst_port, seg->seq, 0, seg->flags, seg->window, 0,
				  0, (uint16_t)tcp_len, NULL, 0, c->net, c->tcp);
	if (c->tcp < 0 || build_ip(c, p, tcp_len) != 0)
		goto failed;
	return 0;
failed:
	libnet_clear_packet(c->net);
	c->options = c->tcp = c->ip = 0;
	return ENOMEM;
}
