/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef TRACE_PACKETS_H
#define TRACE_PACKETS_H

/*
 * The packets of a measurement as the ledger keeps them: SYNs, the answers to
 * them, and packets of our own ports that belong to no SYN.
 */

#include "base/addr.h"
#include <stdbool.h>
#include <stdint.h>

enum probe_kind {
	PROBE_RAW,     /* our SYN through the host's IP layer */
	PROBE_LINK,    /* our SYN past the local firewall */
	PROBE_KERNEL,  /* a SYN of the kernel's own connect() */
	PROBE_FOREIGN, /* a SYN in somebody else's capture */
};

/* A SYN as the capture shows it. */
struct probe {
	uint32_t server; /* index of the first server with this address */
	enum probe_kind kind;
	uint16_t dst_port, src_port;
	uint32_t seq;
	uint32_t data; /* bytes that it carries, as TCP Fast Open does (RFC 7413) */
	uint8_t ttl, tos;
	uint16_t ip_id, window;
	int64_t at_ns;	 /* first seen */
	int64_t last_ns; /* last retransmission seen */
	uint32_t frame, file;
	uint32_t ifindex;
	uint32_t sent;	  /* times on the wire: retransmissions of the same sequence number count */
	uint32_t copies;  /* further captures of the same packet (bridge and port) */
	bool loopback;	  /* seen on a loopback interface only */
	bool established; /* the client went on: an ACK of the SYN-ACK was seen */
	bool closed;	  /* the client reset the half-open connection */
	bool ended;	  /* an expiry or a valid reset: it left nothing half open */
	bool implied;	  /* not captured itself: an answer shows that it was sent; ttl is 0 */
	uint32_t first_reply, last_reply; /* chain through reply.next */
	uint32_t next_in_tuple;		  /* older probe on the same 5-tuple */
	uint32_t in_tuple;		  /* how many of them there are */
	uint32_t next_in_bucket;
	uint32_t older;			    /* older probe to the same address */
	uint32_t first_packet, last_packet; /* chain through flow_packet.next */
	uint16_t packets_n;
	bool alone;	    /* what trace_alone() found when the trace had changed so often: */
	uint64_t judged_at; /* 0: never */
};

enum reply_kind {
	REPLY_SYNACK,
	REPLY_RESET,
	REPLY_EXPIRED,	/* ICMP time exceeded */
	REPLY_REJECTED, /* ICMP unreachable */
	REPLY_ODD, /* a TCP segment that a conforming stack does not send here (bad ack, challenge
		      ACK) */
};

struct reply {
	uint32_t probe;
	uint32_t next;
	enum reply_kind kind;
	struct addr from; /* source address of the packet */
	int64_t at_ns;
	uint32_t frame, file;
	uint32_t ifindex;
	bool loopback;
	uint8_t ttl, tos;
	uint16_t ip_id;
	bool dont_fragment;
	uint32_t flow_label;
	/* TCP */
	uint8_t flags, options_len;
	uint16_t window, mss;
	uint32_t seq, ack;
	bool ack_valid; /* acknowledges the probe, with its data or without, and nothing else */
	/* ICMP */
	uint8_t icmp_type, icmp_code;
	uint8_t quoted_ttl, quoted_tos;
	uint8_t mpls_n;
	struct addr quoted_src;
	uint32_t copies; /* further captures of the same packet */
	uint32_t digest;
};

enum stray_kind {
	STRAY_SYN,   /* a SYN from a port of ours to somebody who was not asked */
	STRAY_RESET, /* a reset from a server on the loopback interface, to a SYN never seen */
	STRAY_ICMP,  /* an ICMP error there that quotes a SYN never seen */
};

/* A packet of ours that belongs to no probe: what this host makes of its own SYNs. */
struct stray {
	enum stray_kind kind;
	uint32_t server; /* TRACE_NONE: of a STRAY_SYN */
	uint16_t port, src_port;
	uint32_t seq;	   /* of our SYN */
	struct addr other; /* destination of a SYN, sender of an answer */
	uint8_t icmp_type, icmp_code;
	bool loopback;
	int64_t at_ns;
	uint32_t frame, file;
};

#endif
