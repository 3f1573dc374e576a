/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_RESULTS_ATLAS_H
#define IO_RESULTS_ATLAS_H

/*
 * One traceroute result of RIPE Atlas into the ledger of its vantage point, as the probe really
 * sends: all SYNs of a measurement on one 5-tuple, one after the other.
 */

#include "base/addr.h"
#include "outside/vantage.h"
#include <jansson.h>

/* What a result is read with. */
struct atlas_reading {
	uint16_t port;	   /* that its SYNs went to; results do not say it */
	uint16_t src_port; /* one for each measurement of the vantage point */
	int first_hop;
	int max_hops; /* 0: unknown */
	int reach;    /* the greatest TTL at which a SYN to the server expired on any way to it */
	int64_t timeout_ns;
	int64_t at_ns;	  /* when the first SYN left */
	uint32_t *number; /* of the last packet of the vantage */
};

/* The greatest TTL at which a router says that a SYN of this result expired, 0: none. */
int atlas_reach(const json_t *result);

/* The server and the client of a result; false when it does not say both. */
bool atlas_parties(const json_t *result, struct addr *server, struct addr *client);

/*
 * Adds the result to the vantage's trace, whose servers are there already, and sets its `excluded`
 * where the result says nothing of any network. Returns when the last SYN's outcome was known.
 */
int64_t atlas_read(const json_t *result, const struct atlas_reading *how, struct vantage *vantage,
		   struct arena *arena);

#endif
