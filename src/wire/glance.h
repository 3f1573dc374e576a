/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef WIRE_GLANCE_H
#define WIRE_GLANCE_H

/*
 * A first look at a frame, for captures of which most is somebody else's affair:
 * enough to pass over what a decoded packet could not add anything to.
 */

#include "wire/packet.h"

enum glance_kind {
	GLANCE_UNSURE, /* only packet_decode() tells */
	GLANCE_OTHER,  /* packet_decode() would find neither TCP nor ICMP */
	GLANCE_TCP,    /* packet_decode() would find a whole TCP header, in no tunnel */
};

struct glance {
	enum glance_kind kind;
	uint8_t family; /* 4 or 6, of GLANCE_TCP, like the rest */
	uint8_t flags;	/* TCP_ bits */
	uint8_t ttl;
	const uint8_t *tcp;	  /* its header in the frame */
	const uint8_t *src, *dst; /* addresses in the frame */
};

struct glance packet_glance(const struct frame *frame);

#endif
