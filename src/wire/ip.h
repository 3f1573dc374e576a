/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef WIRE_IP_H
#define WIRE_IP_H

/*
 * IPv4 and IPv6 headers, with options and extension headers.
 */

#include "base/bytes.h"
#include "wire/packet.h"

/* An IP packet where it was found, before its header was read. */
struct ip_bytes {
	struct bytes
		in; /* captured bytes from the first of the header; what follows the packet too */
	size_t wire_len; /* bytes on the wire from there on, never fewer than captured */
	uint8_t family;	 /* what the layer below announced: 4, 6, or 0 for either */
};

/* An IP packet after its headers were read. */
struct ip_view {
	struct ip_header header; /* protocol: the one above, behind extension headers */
	struct bytes packet;	 /* captured bytes of the whole packet, without padding */
	struct bytes payload;	 /* captured bytes of what it carries */
	size_t payload_wire_len; /* bytes of it on the wire */
};

/*
 * Reads the headers of a packet (RFC 791, RFC 8200, RFC 4302). A length of zero,
 * as segmentation offload leaves it, means everything that is there.
 */
enum decode ip_decode(const struct ip_bytes *from, struct ip_view *out);

/*
 * The same for the beginning of a packet that an ICMP error quotes. Routers have put
 * wrong lengths there, so one that leaves no room for a TCP header is ignored.
 */
enum decode ip_decode_quote(struct bytes in, struct ip_view *out);

/* What a header that does not fit into `payload` means: DECODE_CUT or, if all was captured,
 * DECODE_BAD. */
enum decode ip_short(const struct ip_view *ip);

#endif
