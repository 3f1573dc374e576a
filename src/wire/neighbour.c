/* SPDX-License-Identifier: BSD-2-Clause */
#include "wire/neighbour.h"
#include "wire/link.h"

enum {
	HARDWARE_BYTES = 6,
	TYPE_ARP = 0x0806,
	ARP_ETHERNET = 1,
	PROTOCOL_ICMP6 = 58,
	ND_SOLICITATION = 135,
	ND_ADVERTISEMENT = 136,
	ND_OPTION_SOURCE = 1,
	ND_OPTION_TARGET = 2,
	ND_HOPS = 255, /* no router passes it on */
	ARPHRD_PPP = 512,
	ARPHRD_NONE = 65534, /* tun, WireGuard */
};

static hardware read_hardware(struct bytes *in)
{
	uint64_t high = bytes_u16(in), at = high << 32 | bytes_u32(in);

	/* A group's address is nobody's own (IEEE 802). */
	return in->cut || (high & 0x0100) ? 0 : at;
}

static bool is_line(uint16_t arphrd)
{
	return arphrd == ARPHRD_PPP || arphrd == ARPHRD_NONE;
}

struct link_ends neighbour_ends(const struct frame *frame)
{
	struct bytes in = bytes_of(frame->bytes, frame->captured_len);
	struct link_ends ends = {0};
	uint16_t len;

	switch (frame->link) {
	case LINK_ETHERNET:
		ends.to = read_hardware(&in);
		ends.from = read_hardware(&in);
		break;
	case LINK_SLL:
		bytes_skip(&in, 2);
		ends.line = is_line(bytes_u16(&in));
		len = bytes_u16(&in);
		ends.from = len == HARDWARE_BYTES ? read_hardware(&in) : 0;
		break;
	case LINK_SLL2:
		bytes_skip(&in, 8);
		ends.line = is_line(bytes_u16(&in));
		bytes_skip(&in, 1);
		len = bytes_u8(&in);
		ends.from = len == HARDWARE_BYTES ? read_hardware(&in) : 0;
		break;
	default:
		break;
	}
	return ends;
}

/* What stands behind the link header and VLAN tags of an ARP frame; false when it is none. */
static bool open_arp(const struct frame *frame, struct bytes *in)
{
	uint16_t type;

	*in = bytes_of(frame->bytes, frame->captured_len);
	if (frame->link == LINK_SLL2) {
		type = bytes_u16(in);
		bytes_skip(in, 18);
		return type == TYPE_ARP;
	}
	if (frame->link != LINK_ETHERNET && frame->link != LINK_SLL)
		return false;
	bytes_skip(in, frame->link == LINK_ETHERNET ? 12 : 14);
	type = bytes_u16(in);
	while (type == TYPE_VLAN || type == TYPE_SERVICE_VLAN || type == TYPE_OLD_QINQ) {
		bytes_skip(in, 2);
		type = bytes_u16(in);
	}
	return type == TYPE_ARP;
}

/* Types and lengths, operation, sender's hardware address and IP address. */
static bool read_arp(struct bytes in, struct addr *addr, hardware *at)
{
	uint16_t type = bytes_u16(&in), protocol = bytes_u16(&in), lengths = bytes_u16(&in);
	uint8_t bytes[4];

	bytes_skip(&in, 2);
	*at = read_hardware(&in);
	bytes_copy(&in, bytes, sizeof(bytes));
	*addr = addr_v4(bytes);
	/* Who probes for an address has none yet (RFC 5227). */
	return !in.cut && type == ARP_ETHERNET && protocol == TYPE_IPV4 && lengths == 0x0604 &&
	       *at && (bytes[0] | bytes[1] | bytes[2] | bytes[3]);
}

/* The hardware address among the options, 0: none. */
static hardware read_option(struct bytes in, uint8_t wanted)
{
	while (bytes_left(&in) >= 8) {
		struct bytes option = bytes_take(&in, 8);
		uint8_t kind = bytes_u8(&option), len = bytes_u8(&option);

		if (kind == wanted && len == 1)
			return read_hardware(&option);
		if (len == 0)
			break;
		bytes_skip(&in, (len - 1) * (size_t)8);
	}
	return 0;
}

/* An advertisement tells of its target, a solicitation of its sender. */
static bool read_nd(const struct ip_view *ip, struct addr *addr, hardware *at)
{
	struct bytes in = ip->payload;
	uint8_t kind = bytes_u8(&in), bytes[16];

	bytes_skip(&in, 7);
	bytes_copy(&in, bytes, sizeof(bytes));
	*addr = kind == ND_ADVERTISEMENT ? addr_v6(bytes) : ip->header.src;
	*at = read_option(in, kind == ND_ADVERTISEMENT ? ND_OPTION_TARGET : ND_OPTION_SOURCE);
	return !in.cut && *at && (kind == ND_ADVERTISEMENT || kind == ND_SOLICITATION);
}

bool neighbour_claim(const struct frame *frame, struct addr *addr, hardware *at)
{
	struct link_view link;
	struct ip_view ip;
	struct bytes arp;

	if (open_arp(frame, &arp))
		return read_arp(arp, addr, at);
	if (link_strip(frame, &link) != DECODE_OK || link.tunnel ||
	    ip_decode(&link.ip, &ip) != DECODE_OK || ip.header.src.family != 6)
		return false;
	return ip.header.protocol == PROTOCOL_ICMP6 && ip.header.ttl == ND_HOPS &&
	       read_nd(&ip, addr, at);
}
