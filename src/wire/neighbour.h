/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef WIRE_NEIGHBOUR_H
#define WIRE_NEIGHBOUR_H

/*
 * Hardware addresses: who the link layer says that a frame is from and for, and which address of
 * its segment a host says it has.
 */

#include "base/addr.h"
#include "wire/frame.h"

/* Six bytes as a number, the first one highest; 0: not known, or not one station's alone. */
typedef uint64_t hardware;

/* Who sent a frame on this segment, and to whom. A cooked capture knows the sender alone. */
struct link_ends {
	hardware from, to;
	bool line; /* a cooked capture says that the device has none: a tunnel, PPP */
};

struct link_ends neighbour_ends(const struct frame *frame);

/*
 * Whether the frame says which hardware address has an IP address: ARP, asking or answering (RFC
 * 826), neighbour solicitations and advertisements (RFC 4861). Only then *addr and *at are filled.
 */
bool neighbour_claim(const struct frame *frame, struct addr *addr, hardware *at);

#endif
