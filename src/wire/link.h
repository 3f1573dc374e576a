/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef WIRE_LINK_H
#define WIRE_LINK_H

/*
 * What stands before the IP header: link headers, VLAN tags, PPPoE, PPP, MPLS.
 */

#include "wire/ip.h"
#include "wire/packet.h"

/* EtherTypes on the way to IP. */
enum {
	TYPE_NONE = 0,
	TYPE_LENGTH_MAX = 1500, /* up to here an IEEE 802.3 length, not a type */
	TYPE_IPV4 = 0x0800,
	TYPE_BRIDGED = 0x6558, /* an Ethernet frame (RFC 1701) */
	TYPE_VLAN = 0x8100,
	TYPE_IPV6 = 0x86dd,
	TYPE_MPLS = 0x8847,
	TYPE_MPLS_UPSTREAM = 0x8848,
	TYPE_PPPOE = 0x8864,
	TYPE_SERVICE_VLAN = 0x88a8,
	TYPE_OLD_QINQ = 0x9100,
};

struct link_view {
	struct ip_bytes ip; /* from the IP header on; padding of the link may follow */
	enum direction direction;
	uint32_t ifindex;   /* 0: the link header does not tell */
	bool loopback;	    /* the link header says so */
	const char *tunnel; /* "PPPoE", "MPLS", "Ethernet in MPLS" or NULL */
};

/* Finds the IP packet in a frame. Only DECODE_OK fills *out wholly. */
enum decode link_strip(const struct frame *frame, struct link_view *out);

/*
 * Walks from after an EtherType to the IP header, through everything in between.
 * Sets *family (4 or 6), and *tunnel if it is NULL and an encapsulation was opened.
 * False when no IP packet follows or, with in->cut, when it is not all there.
 */
bool link_walk(struct bytes *in, uint16_t type, uint8_t *family, const char **tunnel);

/*
 * The EtherType of what follows: by a PPP protocol number, compressed or not (RFC 1661, 1332,
 * 5072, 3032); by the same behind HDLC's address and control (RFC 1662), if they are there; by a
 * PPPoE session header with PPP in it (RFC 2516); by the version field of an IP header, which is
 * only looked at. TYPE_NONE for anything else.
 */
uint16_t link_ppp_type(struct bytes *in);
uint16_t link_ppp_framed_type(struct bytes *in);
uint16_t link_pppoe_type(struct bytes *in);
uint16_t link_version_type(struct bytes *in);

/*
 * The same by an 802.11 data frame that is not encrypted; `padded`: its header is padded to four
 * bytes. By a radiotap header with such a frame; by the header of what pf or netfilter logged.
 */
uint16_t link_wifi_type(struct bytes *in, bool padded);
uint16_t link_radiotap_type(struct bytes *in);
uint16_t link_pflog_type(struct bytes *in, struct link_view *out);
uint16_t link_nflog_type(struct bytes *in, struct link_view *out);

/* Takes a PPI or PKTAP header away; the link layer of what follows. */
enum link_type link_unwrap(enum link_type link, struct bytes *in, struct link_view *out);

#endif
