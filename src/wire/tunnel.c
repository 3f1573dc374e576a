/* SPDX-License-Identifier: BSD-2-Clause */
#include "wire/tunnel.h"

enum {
	PROTOCOL_IPV4 = 4,
	PROTOCOL_UDP = 17,
	PROTOCOL_IPV6 = 41,
	PROTOCOL_GRE = 47,
};

enum {
	GRE_CHECKSUM = 0x8000,
	GRE_ROUTING = 0x4000,
	GRE_KEY = 0x2000,
	GRE_SEQUENCE = 0x1000,
	GRE_ACKNOWLEDGEMENT = 0x0080,
	GRE_VERSION = 0x0007,
	GRE_ENHANCED = 1,
	GRE_PPP = 0x880b,
};

enum {
	ERSPAN_2 = 0x88be, /* without a sequence number: ERSPAN I, which has no header */
	ERSPAN_3 = 0x22eb,
	ERSPAN_2_HEADER = 8,
	ERSPAN_3_HEADER = 12,
	ERSPAN_3_MORE = 8,
};

static void open_erspan(struct bytes *in, uint16_t protocol, bool numbered)
{
	bool more;

	if (protocol == ERSPAN_2) {
		bytes_skip(in, numbered ? ERSPAN_2_HEADER : 0);
		return;
	}
	bytes_skip(in, ERSPAN_3_HEADER - 1);
	more = bytes_u8(in) & 1;
	bytes_skip(in, more ? ERSPAN_3_MORE : 0);
}

/*
 * PPTP's enhanced GRE (RFC 2637, 4.1): a key, the numbers that the flags announce, and PPP, without
 * a number nothing. False also for what PPP has compressed or encrypted.
 */
static bool open_pptp(struct bytes *in, uint16_t flags, struct tunnel *out)
{
	if ((flags & (GRE_CHECKSUM | GRE_ROUTING)) || !(flags & GRE_KEY) ||
	    !(flags & GRE_SEQUENCE) || out->type != GRE_PPP)
		return false;
	bytes_skip(in, flags & GRE_ACKNOWLEDGEMENT ? 12 : 8);
	out->name = "PPTP";
	out->type = link_ppp_framed_type(in);
	out->sealed = out->type == TYPE_NONE && !in->cut;
	return true;
}

/*
 * RFC 2784, RFC 2890, draft-foschiano-erspan. False for other versions and for source routes
 * (RFC 1701), which nobody uses.
 */
static bool open_gre(struct bytes *in, struct tunnel *out)
{
	uint16_t flags = bytes_u16(in);

	out->name = "GRE";
	out->type = bytes_u16(in);
	if ((flags & GRE_VERSION) == GRE_ENHANCED)
		return open_pptp(in, flags, out);
	if (flags & (GRE_ROUTING | GRE_VERSION))
		return false;
	if (flags & GRE_CHECKSUM)
		bytes_skip(in, 4);
	if (flags & GRE_KEY)
		bytes_skip(in, 4);
	if (flags & GRE_SEQUENCE)
		bytes_skip(in, 4);
	if (out->type == ERSPAN_2 || out->type == ERSPAN_3) {
		out->name = "ERSPAN";
		open_erspan(in, out->type, flags & GRE_SEQUENCE);
		out->type = TYPE_BRIDGED;
	}
	out->overlay = out->type == TYPE_BRIDGED;
	return true;
}

/* False when the packet carries no other. */
static bool open_protocol(const struct ip_view *outer, struct bytes *in, struct tunnel *out)
{
	switch (outer->header.protocol) {
	case PROTOCOL_GRE:
		return open_gre(in, out);
	case PROTOCOL_UDP:
		return tunnel_open_udp(in, out);
	case PROTOCOL_IPV4:
		*out = (struct tunnel){.name = "IP-in-IP", .type = TYPE_IPV4};
		return true;
	case PROTOCOL_IPV6:
		*out = (struct tunnel){.name = outer->header.src.family == 4 ? "6in4" : "IP-in-IP",
				       .type = TYPE_IPV6};
		return true;
	default:
		return false;
	}
}

enum decode ip_open_tunnel(const struct ip_view *outer, bool overlays, struct ip_bytes *inner,
			   struct tunnels *names)
{
	struct bytes in = outer->payload;
	struct tunnel found = {0};

	if (!open_protocol(outer, &in, &found))
		return in.cut ? ip_short(outer) : DECODE_OTHER;
	if (found.sealed || (found.overlay && !overlays)) {
		names->closed = found.name;
		return DECODE_OTHER;
	}
	if (!names->opened)
		names->opened = found.name;
	if (!link_walk(&in, found.type, &inner->family, &names->opened))
		return in.cut ? ip_short(outer) : DECODE_OTHER;
	inner->wire_len = outer->payload_wire_len - in.pos;
	inner->in = bytes_take(&in, bytes_left(&in));
	return DECODE_OK;
}
