/* SPDX-License-Identifier: BSD-2-Clause */
#include "wire/link.h"

enum {
	ARPHRD_LOOP = 772,
	ARPHRD_RELAY = 770, /* the protocol field of these is no EtherType */
	ARPHRD_WIFI_FIRST = 801,
	ARPHRD_WIFI_LAST = 803,
	ARPHRD_NETLINK_TAP = 824,
};

#define SLL_OUTGOING 4

static void set_direction(struct link_view *out, uint16_t packet_type)
{
	if (packet_type == SLL_OUTGOING)
		out->direction = DIRECTION_OUT;
	else if (packet_type < SLL_OUTGOING)
		out->direction = DIRECTION_IN;
}

/* The EtherType, or none where the field means something else for this kind of interface. */
static uint16_t cooked_type(struct link_view *out, uint16_t arphrd, uint16_t type)
{
	out->loopback = arphrd == ARPHRD_LOOP;
	if (arphrd == ARPHRD_RELAY || arphrd == ARPHRD_NETLINK_TAP)
		return TYPE_NONE;
	if (arphrd >= ARPHRD_WIFI_FIRST && arphrd <= ARPHRD_WIFI_LAST)
		return TYPE_NONE;
	return type;
}

/* LINKTYPE_LINUX_SLL: packet type, ARPHRD, address length, address, EtherType. */
static uint16_t sll_type(struct bytes *in, struct link_view *out)
{
	uint16_t packet_type = bytes_u16(in);
	uint16_t arphrd = bytes_u16(in);

	bytes_skip(in, 10);
	set_direction(out, packet_type);
	return cooked_type(out, arphrd, bytes_u16(in));
}

/* LINKTYPE_LINUX_SLL2: EtherType, reserved, index, ARPHRD, packet type, address length, address. */
static uint16_t sll2_type(struct bytes *in, struct link_view *out)
{
	uint16_t type = bytes_u16(in);
	uint16_t arphrd;

	bytes_skip(in, 2);
	out->ifindex = bytes_u32(in);
	arphrd = bytes_u16(in);
	set_direction(out, bytes_u8(in));
	bytes_skip(in, 9);
	return cooked_type(out, arphrd, type);
}

/* A four-byte address family. Its numbers are small, so the byte order shows. */
static uint16_t null_type(struct bytes *in)
{
	struct bytes again = *in;
	uint32_t big = bytes_u32(in);
	uint32_t family = big <= 0xffff || in->cut ? big : bytes_u32_as(&again, true);

	switch (family) {
	case 2:
		return TYPE_IPV4;
	case 10: /* Linux */
	case 23: /* Windows */
	case 24: /* NetBSD, OpenBSD */
	case 28: /* FreeBSD */
	case 30: /* macOS */
		return TYPE_IPV6;
	default:
		return TYPE_NONE;
	}
}

/* Cisco's HDLC: address, control, EtherType. */
static uint16_t chdlc_type(struct bytes *in)
{
	bytes_skip(in, 2);
	return bytes_u16(in);
}

/* PPP alone, in HDLC framing (RFC 1662), or Cisco's HDLC with an EtherType. */
static uint16_t ppp_link_type(struct bytes *in)
{
	struct bytes ahead = *in;
	uint16_t address_control = bytes_u16(&ahead);

	if (address_control == 0x0f00 || address_control == 0x8f00)
		return chdlc_type(in);
	return link_ppp_framed_type(in);
}

static uint16_t link_type_of(enum link_type link, struct bytes *in, struct link_view *out)
{
	switch (link) {
	case LINK_UNKNOWN:
		break;
	case LINK_ETHERNET:
		bytes_skip(in, 12);
		return bytes_u16(in);
	case LINK_RAW:
		return link_version_type(in);
	case LINK_SLL:
		return sll_type(in, out);
	case LINK_SLL2:
		return sll2_type(in, out);
	case LINK_NULL:
	case LINK_LOOP:
		return null_type(in);
	case LINK_PPP:
		return ppp_link_type(in);
	case LINK_PPP_ETHER:
		out->tunnel = "PPPoE";
		return link_pppoe_type(in);
	case LINK_CHDLC:
		return chdlc_type(in);
	case LINK_WIFI:
		return link_wifi_type(in, false);
	case LINK_RADIOTAP:
		return link_radiotap_type(in);
	case LINK_PFLOG:
		return link_pflog_type(in, out);
	case LINK_NFLOG:
		return link_nflog_type(in, out);
	case LINK_PPI:
	case LINK_PKTAP:
		break; /* link_unwrap() is done with them */
	}
	return TYPE_NONE;
}

enum decode link_strip(const struct frame *frame, struct link_view *out)
{
	struct bytes in = bytes_of(frame->bytes, frame->captured_len);
	bool snapped = frame->captured_len < frame->wire_len;
	enum link_type link = frame->link;
	uint16_t type;

	*out = (struct link_view){0};
	/* Each of these takes its own header away. */
	while (link == LINK_PPI || link == LINK_PKTAP)
		link = link_unwrap(link, &in, out);
	if (link == LINK_UNKNOWN && !in.cut)
		return DECODE_LINK;
	type = link_type_of(link, &in, out);
	if (!link_walk(&in, type, &out->ip.family, &out->tunnel)) {
		if (in.cut)
			return snapped ? DECODE_CUT : DECODE_BAD;
		return DECODE_OTHER;
	}
	out->ip.in = bytes_take(&in, bytes_left(&in));
	out->ip.wire_len = out->ip.in.len;
	if (snapped)
		out->ip.wire_len += frame->wire_len - frame->captured_len;
	return DECODE_OK;
}
