/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef ENGINE_LANES_H
#define ENGINE_LANES_H

/*
 * What was ordered so far on each (server, port): source ports used and SYNs
 * sent, so that no 5-tuple is used twice and no server is bothered too much.
 */

#include "infer/way/path.h"

struct lane_use {
	uint32_t server; /* the first server with this address */
	uint16_t port;
	uint16_t ports_used;		   /* source ports given out for one SYN each */
	uint16_t by_ttl[PATH_TTL_MAX + 1]; /* SYNs ordered; [0]: unlimited TTL */
	uint16_t pairs[PATH_TTL_MAX + 1];  /* of these, the ones that came with a partner */
	uint64_t partner_led; /* by TTL, a bit each: the partner went first in the first pair */
	uint32_t next;	      /* chain of equal hashes */
};

struct lanes {
	struct lane_use *uses;
	size_t n, cap;
	uint32_t *heads; /* hash of (server, port): newest use of the chain */
};

/* The lane's record, made when it is new; NULL when there is no memory. Valid until the next call.
 */
struct lane_use *lanes_get(struct lanes *lanes, uint32_t server, uint16_t port);
void lanes_free(struct lanes *lanes);

#endif
