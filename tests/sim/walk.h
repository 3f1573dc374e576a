/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SIM_WALK_H
#define SIM_WALK_H

/*
 * A segment on its way through the simulated network.
 */

#include "net.h"

struct walk {
	struct net *net;
	const struct net_segment *segment;
	int64_t at_ns;
	size_t routers; /* left behind */
	uint8_t last;	/* the one left last */
	uint8_t ttl;	/* what is left of it */
	uint8_t way[NET_WAY_MAX];
};

/* Crosses the link with this number; false when it is lost there. */
bool walk_out(struct walk *w, size_t link);

/* The way back across so many routers; false when the answer is lost. *at_ns moves on. */
bool walk_back(struct net *net, size_t routers, int64_t *at_ns);

#endif
