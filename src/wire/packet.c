/* SPDX-License-Identifier: BSD-2-Clause */
#include "wire/packet.h"
#include "wire/icmp.h"
#include "wire/link.h"
#include "wire/tcp.h"
#include "wire/tunnel.h"

enum {
	PROTOCOL_ICMP = 1,
	PROTOCOL_TCP = 6,
	PROTOCOL_ICMP6 = 58,
};

#define TCP_HEADER_BYTES 20
#define TUNNELS_MAX	 4 /* in each other */

static enum decode decode_tcp(const struct ip_view *ip, struct packet *out)
{
	struct bytes in = ip->payload;
	size_t header;

	out->kind = PACKET_TCP;
	if (!tcp_decode(&in, &out->tcp) || (in.cut && out->tcp.cut))
		return ip_short(ip);
	header = TCP_HEADER_BYTES + out->tcp.options_len;
	/* Options that the snapshot length cut off just stay unread: 68 bytes were usual once. */
	if (out->tcp.cut || header > ip->payload_wire_len)
		return DECODE_BAD;
	out->payload = in.at + in.pos;
	out->payload_len = bytes_left(&in);
	out->payload_wire_len = ip->payload_wire_len - header;
	return DECODE_OK;
}

static enum decode decode_icmp(const struct ip_view *ip, struct packet *out)
{
	enum decode result = icmp_decode(ip, &out->icmp);

	out->kind = icmp_kind(ip, &out->icmp);
	return result;
}

static bool is_known(const struct ip_header *ip)
{
	uint8_t icmp = ip->src.family == 4 ? PROTOCOL_ICMP : PROTOCOL_ICMP6;

	return ip->protocol == PROTOCOL_TCP || ip->protocol == icmp;
}

/* Reads the IP header, or the one inside when it carries another. */
static enum decode decode_ip(struct ip_bytes *from, bool overlays, struct ip_view *ip,
			     struct tunnels *names)
{
	for (int depth = 0; depth <= TUNNELS_MAX; depth++) {
		enum decode result = ip_decode(from, ip);

		if (result != DECODE_OK || is_known(&ip->header))
			return result;
		result = ip_open_tunnel(ip, overlays, from, names);
		if (result != DECODE_OK)
			return result;
	}
	return DECODE_OTHER;
}

static bool both_loopback(const struct ip_header *ip)
{
	return addr_class(&ip->src) == ADDR_LOOPBACK && addr_class(&ip->dst) == ADDR_LOOPBACK;
}

enum decode packet_decode(const struct frame *frame, struct packet *out)
{
	struct link_view link;
	struct ip_view ip;
	struct tunnels names;
	enum decode result;

	*out = (struct packet){.at_ns = frame->at_ns, .frame = frame->number, .file = frame->file};
	result = link_strip(frame, &link);
	if (result != DECODE_OK)
		return result;
	out->direction = link.direction;
	out->ifindex = link.ifindex;
	names = (struct tunnels){.opened = link.tunnel};
	result = decode_ip(&link.ip, frame->overlays, &ip, &names);
	out->tunnel = names.opened;
	out->closed = names.closed;
	if (result != DECODE_OK)
		return result;
	out->ip = ip.header;
	out->loopback = link.loopback || both_loopback(&ip.header);
	out->digest = bytes_hash(ip.packet.at, ip.packet.len, 0);
	return ip.header.protocol == PROTOCOL_TCP ? decode_tcp(&ip, out) : decode_icmp(&ip, out);
}
