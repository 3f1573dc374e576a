/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef WIRE_FRAME_H
#define WIRE_FRAME_H

/*
 * A captured frame as it came, before any decoding, and the link layers that
 * the decoder knows. DLT_ numbers stop here: the rest of the program sees
 * enum link_type.
 */

#include <stdbool.h>
#include <stdint.h>

enum link_type {
	LINK_UNKNOWN,
	LINK_ETHERNET,
	LINK_RAW, /* an IP packet, family by its version field */
	LINK_SLL,
	LINK_SLL2,
	LINK_NULL, /* BSD loopback, family in the capturing host's byte order */
	LINK_LOOP, /* OpenBSD loopback, family in network byte order */
	LINK_PPP,
	LINK_PPP_ETHER,
	LINK_CHDLC, /* Cisco's HDLC */
	LINK_WIFI,  /* 802.11 */
	LINK_RADIOTAP,
	LINK_PFLOG, /* OpenBSD's pf: what the firewall logged */
	LINK_NFLOG, /* netfilter's */
	LINK_PPI,   /* names the link layer that follows, as the next does */
	LINK_PKTAP,
};

struct frame {
	int64_t at_ns;	      /* capture time, nanoseconds since the epoch */
	const uint8_t *bytes; /* valid until the source is asked for the next frame */
	uint32_t captured_len;
	uint32_t wire_len;
	enum link_type link;
	uint32_t number; /* among the frames kept, from 1 */
	uint32_t file;	 /* capture's number in the order given, from 1 */
	bool overlays;	 /* packets in overlay networks are to be looked into */
};

/* LINKTYPE_ values as they stand in capture files and DLT_ values as libpcap reports them. */
enum link_type link_from_dlt(uint32_t dlt);

#endif
