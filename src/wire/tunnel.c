/* SPDX-License-Identifier: BSD-2-Clause */
#include "wire/link.h"

enum {
	PROTOCOL_IPV4 = 4,
	PROTOCOL_IPV6 = 41,
	PROTOCOL_GRE = 47,
};

enum {
	GRE_CHECKSUM = 0x8000,
	GRE_ROUTING = 0x4000,
	GRE_KEY = 0x2000,
	GRE_SEQUENCE = 0x1000,
	GRE_VERSION = 0x0007,
};

/* RFC 2784, RFC 2890. False for other versions and for source routes (RFC 1701), which nobody uses.
 */
static bool open_gre(struct bytes *in, uint8_t *family, const char **tunnel)
{
	uint16_t flags = bytes_u16(in);
	uint16_t type = bytes_u16(in);

	if (flags & (GRE_ROUTING | GRE_VERSION))
		return false;
	if (flags & GRE_CHECKSUM)
		bytes_skip(in, 4);
	if (flags & GRE_KEY)
		bytes_skip(in, 4);
	if (flags & GRE_SEQUENCE)
		bytes_skip(in, 4);
	if (!*tunnel)
		*tunnel = "GRE";
	return link_walk(in, type, family, tunnel);
}

static bool open_protocol(const struct ip_view *outer, struct bytes *in, uint8_t *family,
			  const char **tunnel)
{
	const char *name = "IP-in-IP";

	switch (outer->header.protocol) {
	case PROTOCOL_GRE:
		return open_gre(in, family, tunnel);
	case PROTOCOL_IPV4:
		*family = 4;
		break;
	case PROTOCOL_IPV6:
		*family = 6;
		if (outer->header.src.family == 4)
			name = "6in4";
		break;
	default:
		return false;
	}
	if (!*tunnel)
		*tunnel = name;
	return true;
}

enum decode ip_open_tunnel(const struct ip_view *outer, struct ip_bytes *inner, const char **tunnel)
{
	struct bytes in = outer->payload;

	if (!open_protocol(outer, &in, &inner->family, tunnel))
		return in.cut ? ip_short(outer) : DECODE_OTHER;
	inner->wire_len = outer->payload_wire_len - in.pos;
	inner->in = bytes_take(&in, bytes_left(&in));
	return DECODE_OK;
}
