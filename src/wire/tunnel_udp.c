/* SPDX-License-Identifier: BSD-2-Clause */
#include "wire/tunnel.h"

enum {
	VXLAN_PORT = 4789,
	VXLAN_LINUX_PORT = 8472, /* what Linux took before there was a number */
	VXLAN_GPE_PORT = 4790,
	VXLAN_HAS_ID = 0x08,
	GENEVE_PORT = 6081,
	GTP_PORT = 2152,
	GTP_VERSION_1 = 0x30, /* with the bit that tells it from GTP' */
	GTP_MORE = 0x07,
	GTP_EXTENSION = 0x04,
	GTP_PACKET = 255,
	TZSP_PORT = 37008,
	TZSP_ETHERNET = 1,
	TZSP_WIFI = 18,
	TZSP_TAG_PADDING = 0,
	TZSP_TAG_END = 1,
	CAPWAP_PORT = 5247,
	CAPWAP_NATIVE = 0x01, /* of the third byte */
	CAPWAP_FRAGMENT = 0x80,
	CAPWAP_KEEPALIVE = 0x08,
};

bool tunnel_is_port(uint16_t port)
{
	return port == VXLAN_PORT || port == VXLAN_LINUX_PORT || port == VXLAN_GPE_PORT ||
	       port == GENEVE_PORT || port == GTP_PORT || port == TZSP_PORT || port == CAPWAP_PORT;
}

/* | flags |  reserved (2)  | next protocol | network (3) | reserved | */
static bool open_vxlan(struct bytes *in, struct tunnel *out, bool generic)
{
	static const uint16_t types[] = {TYPE_NONE, TYPE_IPV4, TYPE_IPV6, TYPE_BRIDGED};
	uint8_t flags = bytes_u8(in);
	uint8_t next;

	bytes_skip(in, 2);
	next = bytes_u8(in);
	bytes_skip(in, 4);
	out->name = generic ? "VXLAN-GPE" : "VXLAN";
	out->type = TYPE_BRIDGED;
	if (generic)
		out->type = next < sizeof(types) / sizeof(types[0]) ? types[next] : TYPE_NONE;
	return flags & VXLAN_HAS_ID;
}

/* | version (2) options' length (6) | flags | EtherType (2) | network (3) | reserved | options */
static bool open_geneve(struct bytes *in, struct tunnel *out)
{
	uint8_t first = bytes_u8(in);

	bytes_skip(in, 1);
	out->name = "GENEVE";
	out->type = bytes_u16(in);
	bytes_skip(in, 4 + (first & 0x3fU) * 4U);
	return first >> 6 == 0;
}

/* | flags | kind | length (2) | endpoint (4) |, then perhaps more, each naming the next. */
static bool open_gtp(struct bytes *in, struct tunnel *out)
{
	uint8_t flags = bytes_u8(in);
	uint8_t kind = bytes_u8(in);
	uint8_t next = 0;

	bytes_skip(in, 6);
	if (flags & GTP_MORE) {
		bytes_skip(in, 3);
		next = bytes_u8(in);
	}
	while ((flags & GTP_EXTENSION) && next != 0 && !in->cut) {
		size_t len = bytes_u8(in) * 4U;

		if (len < 4)
			return false;
		bytes_skip(in, len - 2);
		next = bytes_u8(in);
	}
	out->name = "GTP";
	out->type = link_version_type(in);
	return (flags & 0xf0) == GTP_VERSION_1 && kind == GTP_PACKET;
}

/* | version 1 | kind | what follows (2) | tags, up to the one that is their end */
static bool open_tzsp(struct bytes *in, struct tunnel *out)
{
	uint8_t version = bytes_u8(in);
	uint16_t encapsulated;
	uint8_t tag = TZSP_TAG_PADDING;

	bytes_skip(in, 1);
	encapsulated = bytes_u16(in);
	while (tag != TZSP_TAG_END && !in->cut) {
		tag = bytes_u8(in);
		if (tag > TZSP_TAG_END)
			bytes_skip(in, bytes_u8(in));
	}
	out->name = "TZSP";
	if (encapsulated == TZSP_ETHERNET)
		out->type = TYPE_BRIDGED;
	else if (encapsulated == TZSP_WIFI)
		out->type = link_wifi_type(in, false);
	return version == 1;
}

/* | version and kind, 0 | length in words (5), radio | ..., native | fragment, ... | more */
static bool open_capwap(struct bytes *in, struct tunnel *out)
{
	uint8_t preamble = bytes_u8(in);
	size_t len = (bytes_u8(in) >> 3) * 4U;
	uint8_t native = bytes_u8(in) & CAPWAP_NATIVE;
	uint8_t flags = bytes_u8(in);

	out->name = "CAPWAP";
	if (preamble != 0 || len < 8 || (flags & CAPWAP_KEEPALIVE))
		return false;
	bytes_skip(in, 2);
	/* Only the first fragment has the headers. */
	if ((bytes_u16(in) >> 3) != 0 && (flags & CAPWAP_FRAGMENT))
		return false;
	bytes_skip(in, len - 8);
	out->type = native ? link_wifi_type(in, false) : TYPE_BRIDGED;
	return true;
}

bool tunnel_open_udp(struct bytes *in, struct tunnel *out)
{
	uint16_t from = bytes_u16(in);
	uint16_t to = bytes_u16(in);

	/* Whatever else a datagram is, and however little of it there is: it is none of ours. */
	if (in->cut || !(tunnel_is_port(from) || tunnel_is_port(to))) {
		in->cut = false;
		return false;
	}
	bytes_skip(in, 4);
	out->overlay = true;
	/* Controllers of access points answer from the port. */
	switch (from == CAPWAP_PORT ? from : to) {
	case VXLAN_PORT:
	case VXLAN_LINUX_PORT:
		return open_vxlan(in, out, false);
	case VXLAN_GPE_PORT:
		return open_vxlan(in, out, true);
	case GENEVE_PORT:
		return open_geneve(in, out);
	case GTP_PORT:
		return open_gtp(in, out);
	case TZSP_PORT:
		return open_tzsp(in, out);
	case CAPWAP_PORT:
		return open_capwap(in, out);
	default:
		return false;
	}
}
