/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef WIRE_PACKET_H
#define WIRE_PACKET_H

/*
 * The decoded record of one frame: IP, then TCP or an ICMP error with the probe
 * that it quotes. Data in, data out; nothing is allocated.
 */

#include "base/addr.h"
#include "wire/frame.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	TCP_FIN = 0x01,
	TCP_SYN = 0x02,
	TCP_RST = 0x04,
	TCP_ACK = 0x10,
};

enum direction {
	DIRECTION_UNKNOWN, /* the link header does not tell */
	DIRECTION_IN,
	DIRECTION_OUT,
};

struct ip_header {
	struct addr src, dst;
	uint8_t ttl; /* IPv6: hop limit */
	uint8_t tos; /* IPv6: traffic class */
	uint8_t protocol;
	uint16_t id;	     /* IPv4 only */
	bool dont_fragment;  /* IPv4 only */
	uint32_t flow_label; /* IPv6 only */
	uint32_t total_len;  /* header and payload, as the header says */
};

struct tcp_header {
	uint16_t src_port, dst_port;
	uint32_t seq;
	uint32_t ack;	 /* 0 when cut */
	uint8_t flags;	 /* TCP_ bits; 0 when cut */
	uint16_t window; /* unscaled */
	uint16_t mss;	 /* 0: none */
	uint8_t options_len;
	bool has_timestamp;
	uint32_t ts_value, ts_echo;
	bool cut; /* only ports and sequence number are there (RFC 792 quotes) */
};

struct mpls_label {
	uint32_t label;
	uint8_t ttl;
};

#define PACKET_MPLS_MAX 4

struct icmp_header {
	uint8_t type, code;
	bool quoted; /* the quote holds at least ports and sequence number of a TCP segment */
	struct ip_header probe; /* the quoted IP header; ttl is what was left at the sender */
	struct tcp_header tcp;	/* the quoted TCP header, perhaps cut */
	const uint8_t *behind;	/* where what is captured of it ends, a loan from the frame */
	uint8_t mpls_n;		/* RFC 4950 label stack entries found in the extension */
	struct mpls_label mpls[PACKET_MPLS_MAX];
};

enum packet_kind {
	PACKET_TCP,
	PACKET_ICMP_EXPIRED,  /* 11/0, ICMPv6 3/0 */
	PACKET_ICMP_REJECTED, /* type 3, ICMPv6 type 1 */
	PACKET_ICMP_OTHER,
};

struct packet {
	int64_t at_ns;
	uint32_t frame; /* frame.number */
	uint32_t file;
	uint32_t ifindex; /* 0: the link header does not tell */
	enum direction direction;
	bool loopback;	    /* captured on a loopback interface */
	const char *tunnel; /* outermost encapsulation that was opened ("PPPoE", "GRE"...), NULL:
			       none */
	const char *closed; /* DECODE_OTHER: the overlay ("VXLAN"...) that was left alone, or NULL
			     */
	enum packet_kind kind;
	struct ip_header ip;
	struct tcp_header tcp;	 /* PACKET_TCP */
	struct icmp_header icmp; /* PACKET_ICMP_* */
	const uint8_t *payload;	 /* PACKET_TCP: captured payload, a loan from the frame */
	size_t payload_len;	 /* captured bytes */
	size_t payload_wire_len; /* bytes on the wire, by the IP header */
	/* Over the captured bytes of `ip` and what it carries: equal for copies on any link. */
	uint32_t digest;
};

enum decode {
	DECODE_OK,
	DECODE_OTHER,	 /* whole, but neither TCP nor ICMP over IP */
	DECODE_CUT,	 /* the snapshot length or the file's end cut a header that is needed */
	DECODE_BAD,	 /* lengths or versions contradict each other */
	DECODE_FRAGMENT, /* a later fragment: no TCP header in it */
	DECODE_LINK,	 /* unknown link type */
};

/*
 * Decodes one frame of any known link type, through 802.1Q, QinQ, PPPoE, PPP and MPLS, IPv6
 * extension headers, 6in4, GRE and IP-in-IP and, where the frame asks for it, overlays; up to four
 * in each other. Only DECODE_OK fills *out wholly.
 * Follows RFC 791, 8200, 9293, 792, 4443, 4884, 4950.
 */
enum decode packet_decode(const struct frame *frame, struct packet *out);

#endif
