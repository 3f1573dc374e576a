/* SPDX-License-Identifier: BSD-2-Clause */
#include "wire/icmp.h"
#include "wire/tcp.h"

enum {
	ICMP4_UNREACHABLE = 3,
	ICMP4_QUENCH = 4,
	ICMP4_REDIRECT = 5,
	ICMP4_EXCEEDED = 11,
	ICMP4_PARAMETER = 12,
	ICMP6_UNREACHABLE = 1,
	ICMP6_TOO_BIG = 2,
	ICMP6_EXCEEDED = 3,
	ICMP6_PARAMETER = 4,
};

enum {
	PROTOCOL_TCP = 6,
	EXTENSION_VERSION = 2,
	EXTENSION_OFFSET = 128, /* where routers older than RFC 4884 put it */
	OBJECT_MPLS = 0x0101,	/* class 1, type 1 */
};

enum packet_kind icmp_kind(const struct ip_view *ip, const struct icmp_header *icmp)
{
	bool v4 = ip->header.src.family == 4;

	if (icmp->type == (v4 ? ICMP4_EXCEEDED : ICMP6_EXCEEDED) && icmp->code == 0)
		return PACKET_ICMP_EXPIRED;
	if (icmp->type == (v4 ? ICMP4_UNREACHABLE : ICMP6_UNREACHABLE))
		return PACKET_ICMP_REJECTED;
	return PACKET_ICMP_OTHER;
}

static bool has_quote(bool v4, uint8_t type)
{
	if (!v4)
		return type >= ICMP6_UNREACHABLE && type <= ICMP6_PARAMETER;
	return type == ICMP4_UNREACHABLE || type == ICMP4_QUENCH || type == ICMP4_REDIRECT ||
	       type == ICMP4_EXCEEDED || type == ICMP4_PARAMETER;
}

/* The bytes of the quote by RFC 4884, 4; 0 when the message does not say. */
static size_t quote_len(bool v4, uint8_t type, uint32_t rest)
{
	if (v4 && (type == ICMP4_UNREACHABLE || type == ICMP4_EXCEEDED || type == ICMP4_PARAMETER))
		return (rest >> 16 & 0xff) * 4;
	if (!v4 && (type == ICMP6_UNREACHABLE || type == ICMP6_EXCEEDED))
		return (rest >> 24) * 8;
	return 0;
}

/* The Internet checksum over all of it is right when it comes to 0xffff (RFC 1071). */
static bool checksum_holds(struct bytes in)
{
	uint32_t sum = 0;

	while (bytes_left(&in) > 1)
		sum += bytes_u16(&in);
	if (bytes_left(&in) > 0)
		sum += (uint32_t)bytes_u8(&in) << 8;
	while (sum > 0xffff)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum == 0xffff;
}

/*
 *  |Version|      (Reserved)       |           Checksum            |  RFC 4884, 7
 *
 * Where no length announced the extension, only a checksum makes it one.
 */
static bool is_extension(struct bytes in, bool announced)
{
	struct bytes head = in;
	uint8_t version = bytes_u8(&head) >> 4;
	uint16_t checksum;

	bytes_skip(&head, 1);
	checksum = bytes_u16(&head);
	if (head.cut || version != EXTENSION_VERSION)
		return false;
	return checksum == 0 ? announced : checksum_holds(in);
}

/* |         Label (20)        | TC (3) |S|          TTL           |  RFC 3032 */
static void read_labels(struct bytes *in, struct icmp_header *out)
{
	while (bytes_left(in) >= 4 && out->mpls_n < PACKET_MPLS_MAX) {
		uint32_t entry = bytes_u32(in);
		struct mpls_label *label = &out->mpls[out->mpls_n++];

		label->label = entry >> 12;
		label->ttl = entry & 0xff;
	}
}

/* |            Length             |   Class-Num   |    C-Type     |  RFC 4884, 7.1 */
static void read_extension(struct bytes in, struct icmp_header *out)
{
	bytes_skip(&in, 4);
	while (bytes_left(&in) >= 4) {
		uint16_t len = bytes_u16(&in);
		uint16_t class_type = bytes_u16(&in);
		struct bytes body;

		if (len < 4)
			return;
		body = bytes_take(&in, len - 4u);
		if (!body.cut && class_type == OBJECT_MPLS)
			read_labels(&body, out);
	}
}

/* Splits the message at the cursor into the quote and, when it is one, the extension. */
static struct bytes take_quote(struct bytes *in, size_t announced, struct icmp_header *out)
{
	size_t len = announced > 0 ? announced : EXTENSION_OFFSET;
	struct bytes rest = *in;
	struct bytes quote = bytes_take(&rest, len);
	struct bytes extension = bytes_take(&rest, bytes_left(&rest));
	bool extended = !quote.cut && is_extension(extension, announced > 0);

	if (extended)
		read_extension(extension, out);
	if (extended || (announced > 0 && !quote.cut))
		return quote;
	/* No length, or one that cannot be: all of it. */
	return bytes_take(in, bytes_left(in));
}

/* Whether the quote came far enough to tell; fills what it tells. */
static bool read_quote(struct bytes quote, struct icmp_header *out)
{
	struct ip_view probe;
	enum decode result = ip_decode_quote(quote, &probe);

	out->probe = probe.header;
	if (result != DECODE_OK)
		return result == DECODE_FRAGMENT;
	if (probe.header.protocol == PROTOCOL_TCP) {
		out->quoted = tcp_decode(&probe.payload, &out->tcp);
		out->behind = probe.payload.at + probe.payload.pos;
	}
	return out->quoted || probe.header.protocol != PROTOCOL_TCP;
}

/*
 *  |     Type      |     Code      |           Checksum            |
 *  |  unused, length of the quote, pointer, gateway or MTU         |
 *  |             as much of the packet as fits                     |
 */
enum decode icmp_decode(const struct ip_view *ip, struct icmp_header *out)
{
	bool v4 = ip->header.src.family == 4;
	struct bytes in = ip->payload;
	struct bytes quote;
	uint32_t rest;

	*out = (struct icmp_header){0};
	out->type = bytes_u8(&in);
	out->code = bytes_u8(&in);
	bytes_skip(&in, 2);
	rest = bytes_u32(&in);
	if (in.cut)
		return ip_short(ip);
	if (!has_quote(v4, out->type))
		return DECODE_OK;
	quote = take_quote(&in, quote_len(v4, out->type, rest), out);
	if (!read_quote(quote, out) && ip_short(ip) == DECODE_CUT)
		return DECODE_CUT;
	return DECODE_OK;
}
