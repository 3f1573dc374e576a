/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef WIRE_TUNNEL_H
#define WIRE_TUNNEL_H

/*
 * Packets that carry other packets. Of some the ends are routers on the way (IP-in-IP,
 * GRE): they are always opened. Overlays carry somebody's network over another one, or
 * a copy of its traffic to an analyser: they are opened where the caller asks for it.
 */

#include "wire/link.h"

/* What was found in the payload of an IP packet. */
struct tunnel {
	const char *name;
	uint16_t type; /* EtherType of what follows, TYPE_BRIDGED for an Ethernet frame */
	bool overlay;
	bool sealed; /* nobody but its ends reads what follows */
};

/* What a frame came in. */
struct tunnels {
	const char *opened; /* the outermost, or NULL */
	const char *closed; /* an overlay that was left alone, or what is sealed, or NULL */
};

/*
 * Opens what an IP packet carries: 6in4, IP-in-IP, GRE (RFC 4213, 2003, 2473, 2784, 2890), PPTP
 * (RFC 2637), and, if `overlays`, GRE with Ethernet, ERSPAN and what tunnel_open_udp() knows.
 * *inner becomes the packet inside. DECODE_OTHER when there is none.
 */
enum decode ip_open_tunnel(const struct ip_view *outer, bool overlays, struct ip_bytes *inner,
			   struct tunnels *names);

/* Whether packets of an overlay may go to this UDP port. */
bool tunnel_is_port(uint16_t port);

/*
 * Reads a UDP header and that of VXLAN, VXLAN-GPE, GENEVE, GTP-U, TZSP or CAPWAP (RFC 7348, 8926,
 * 5415; 3GPP TS 29.281). False, perhaps with in->cut, when it is none of them.
 */
bool tunnel_open_udp(struct bytes *in, struct tunnel *out);

#endif
