/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_RESET_H
#define INFER_RESET_H

/*
 * The resets that a port drew, for the rules that tell whose they are.
 */

#include "infer/claim.h"

/* Resets to the port under test, as a series over the TTLs that triggered them. */
struct resets {
	unsigned n, nearer;	/* all; those drawn by SYNs that could not reach the server */
	unsigned dressed;	/* those that look like a SYN-ACK but for the flags */
	int first;		/* smallest limited TTL that drew one, 0: none */
	int ttl_min, ttl_max;	/* as they arrived */
	int drop_min, drop_max; /* trigger TTL minus arrival TTL */
	int trigger_min, trigger_max;
};

struct resets resets_gather(const struct scene *scene, uint32_t s);

/* Hops that a SYN-ACK of the server travels back, -1: it gave none. */
int resets_server_back(const struct path *path);

/* Hops on the way back from a router, as its expiries show; -1: unknown. */
int resets_router_back(const struct path *path, int hop);

/* Whether the resets travelled as far back as the control's SYN-ACKs. */
bool resets_same_way_back(const struct path *path, const struct resets *all);

#endif
