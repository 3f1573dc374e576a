/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef ENGINE_ORDERED_H
#define ENGINE_ORDERED_H

/*
 * What was ordered so far on each (server, port): source ports used and SYNs
 * sent, so that no 5-tuple is used twice and no server is bothered too much.
 */

#include "infer/way/path.h"

struct ordered_port {
	uint32_t server; /* the first server with this address */
	uint16_t port;
	uint16_t ports_used;		   /* source ports given out for one SYN each */
	uint16_t by_ttl[PATH_TTL_MAX + 1]; /* SYNs ordered; [0]: unlimited TTL */
	uint16_t paired[PATH_TTL_MAX + 1]; /* of these, the ones that came with a partner */
	uint64_t partner_led; /* by TTL, a bit each: the partner went first in the first pair */
	uint32_t next;	      /* chain of equal hashes */
};

struct ordered {
	struct ordered_port *ports;
	size_t n, cap;
	uint32_t *heads; /* hash of (server, port): newest of the chain */
};

/* The record of a port, made when it is new; NULL when there is no memory. Valid until the next
 * call.
 */
struct ordered_port *ordered_get(struct ordered *ordered, uint32_t server, uint16_t port);
void ordered_free(struct ordered *ordered);

#endif
