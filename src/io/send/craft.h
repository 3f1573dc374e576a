/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_SEND_CRAFT_H
#define IO_SEND_CRAFT_H

/*
 * TCP segments without data as libnet builds them, one context a family.
 */

#include "io/send/looks.h"
#include "io/send/sender.h"
#include <libnet.h>

/* libnet's context of one family. Its blocks are reused while the packets keep their shape. */
struct crafter {
	libnet_t *net;
	libnet_ptag_t options, tcp, ip;
	uint32_t options_len;
};

/* A TCP header to send: what differs between a SYN and a reset. */
struct segment {
	uint32_t seq;
	uint8_t flags;
	uint16_t window;
	uint8_t options[LOOKS_OPTIONS_MAX];
	uint32_t options_len;
};

/* Lays the packet out in the context. 0 or an errno. */
int craft_build(struct crafter *c, const struct sender_packet *p, const struct segment *seg);

#endif
