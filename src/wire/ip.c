/* SPDX-License-Identifier: BSD-2-Clause */
#include "wire/ip.h"

enum {
	IPV4_HEADER = 20,
	IPV6_HEADER = 40,
	TCP_HEADER = 20,
};

enum {
	NEXT_HOP_BY_HOP = 0,
	NEXT_ROUTING = 43,
	NEXT_FRAGMENT = 44,
	NEXT_AUTHENTICATION = 51,
	NEXT_DESTINATION = 60,
};

#define FRAGMENT_OFFSET_V4 0x1fffu
#define FRAGMENT_OFFSET_V6 0xfff8u

/* A packet being read. */
struct reading {
	struct bytes in;     /* stands behind what was read */
	size_t wire_len;     /* of the packet */
	size_t least;	     /* a shorter payload cannot be: the length is wrong */
	bool later_fragment; /* not the first */
};

enum decode ip_short(const struct ip_view *ip)
{
	return ip->payload.len < ip->payload_wire_len ? DECODE_CUT : DECODE_BAD;
}

static enum decode reading_short(const struct reading *r)
{
	return r->in.len < r->wire_len ? DECODE_CUT : DECODE_BAD;
}

/* Takes the header's word for the length: padding is no data. False when it cannot be. */
static bool limit(struct reading *r, size_t header_len, size_t total_len)
{
	if (total_len < header_len + r->least)
		return r->least > 0;
	r->wire_len = total_len;
	if (r->in.len > total_len)
		r->in.len = total_len;
	return true;
}

/*
 *  0                   1                   2                   3
 *  |Version|  IHL  |      TOS      |         Total Length          |
 *  |        Identification         |Flags|     Fragment Offset     |
 *  |      TTL      |   Protocol    |        Header Checksum        |
 *  |                  Source, Destination, Options                 |
 */
static enum decode read_v4(struct reading *r, struct ip_header *h)
{
	size_t header_len = (bytes_u8(&r->in) & 0x0fu) * 4u;
	uint16_t fragment;
	uint8_t b[4];

	h->tos = bytes_u8(&r->in);
	h->total_len = bytes_u16(&r->in);
	h->id = bytes_u16(&r->in);
	fragment = bytes_u16(&r->in);
	h->dont_fragment = fragment & 0x4000;
	h->ttl = bytes_u8(&r->in);
	h->protocol = bytes_u8(&r->in);
	bytes_skip(&r->in, 2);
	bytes_copy(&r->in, b, sizeof(b));
	h->src = addr_v4(b);
	bytes_copy(&r->in, b, sizeof(b));
	h->dst = addr_v4(b);
	if (r->in.cut)
		return reading_short(r);
	if (header_len < IPV4_HEADER)
		return DECODE_BAD;
	if (h->total_len > 0 && !limit(r, header_len, h->total_len))
		return DECODE_BAD;
	bytes_skip(&r->in, header_len - IPV4_HEADER);
	r->later_fragment = fragment & FRAGMENT_OFFSET_V4;
	return r->in.cut ? reading_short(r) : DECODE_OK;
}

/* Walks the extension headers until h->protocol is something else (RFC 8200, 4). */
static void read_extensions(struct reading *r, struct ip_header *h)
{
	while (!r->in.cut && !r->later_fragment) {
		uint8_t protocol = h->protocol;
		struct bytes at = r->in;
		uint8_t next = bytes_u8(&at);
		size_t len = bytes_u8(&at);

		switch (protocol) {
		case NEXT_HOP_BY_HOP:
		case NEXT_ROUTING:
		case NEXT_DESTINATION:
			len = (len + 1) * 8;
			break;
		case NEXT_AUTHENTICATION: /* RFC 4302, 2.2: in words, less two */
			len = (len + 2) * 4;
			break;
		case NEXT_FRAGMENT:
			r->later_fragment = bytes_u16(&at) & FRAGMENT_OFFSET_V6;
			len = 8;
			break;
		default:
			return;
		}
		h->protocol = next;
		bytes_skip(&r->in, len);
	}
}

/*
 *  |Version| Traffic Class |              Flow Label               |
 *  |        Payload Length         |  Next Header  |   Hop Limit   |
 *  |                      Source, Destination                      |
 */
static enum decode read_v6(struct reading *r, struct ip_header *h)
{
	uint32_t first = bytes_u32(&r->in);
	uint32_t payload_len = bytes_u16(&r->in);
	uint8_t b[16];

	h->tos = first >> 20 & 0xff;
	h->flow_label = first & 0xfffff;
	h->total_len = IPV6_HEADER + payload_len;
	h->protocol = bytes_u8(&r->in);
	h->ttl = bytes_u8(&r->in);
	bytes_copy(&r->in, b, sizeof(b));
	h->src = addr_v6(b);
	bytes_copy(&r->in, b, sizeof(b));
	h->dst = addr_v6(b);
	if (r->in.cut)
		return reading_short(r);
	if (payload_len > 0)
		limit(r, IPV6_HEADER, h->total_len);
	read_extensions(r, h);
	return r->in.cut ? reading_short(r) : DECODE_OK;
}

static enum decode read_packet(struct reading *r, uint8_t family, struct ip_view *out)
{
	struct bytes ahead = r->in;
	uint8_t version = bytes_u8(&ahead) >> 4;
	enum decode result;

	*out = (struct ip_view){0};
	if (ahead.cut)
		return reading_short(r);
	if ((version != 4 && version != 6) || (family != 0 && family != version))
		return DECODE_BAD;
	result = version == 4 ? read_v4(r, &out->header) : read_v6(r, &out->header);
	if (result != DECODE_OK)
		return result;
	out->packet = bytes_of(r->in.at, r->in.len);
	out->payload_wire_len = r->wire_len - r->in.pos;
	out->payload = bytes_take(&r->in, bytes_left(&r->in));
	return r->later_fragment ? DECODE_FRAGMENT : DECODE_OK;
}

enum decode ip_decode(const struct ip_bytes *from, struct ip_view *out)
{
	struct reading r = {.in = from->in, .wire_len = from->wire_len};

	return read_packet(&r, from->family, out);
}

enum decode ip_decode_quote(struct bytes in, struct ip_view *out)
{
	struct reading r = {.in = in, .wire_len = in.len, .least = TCP_HEADER};

	return read_packet(&r, 0, out);
}
