/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_WAY_FLOWS_H
#define INFER_WAY_FLOWS_H

/*
 * A port's SYNs by flow: those with one source port share a 5-tuple, so routers
 * that balance load (RFC 2992) send them all the same way. Where some pass and
 * some do not, this tells whether the flow decides, and how far a failing one gets.
 */

#include "infer/way/path.h"

#define FLOWS_MAX 64

struct flow {
	uint16_t src_port;
	uint32_t seq; /* sequence number and TTL of the oldest SYN that could reach the server */
	uint8_t ttl;
	bool unsure;	  /* a limited one drew nothing: it may have expired on a longer way */
	uint16_t tries;	  /* SYNs that could reach the server and had their time */
	uint16_t passed;  /* of these, those that drew an answer other than a reset alone */
	bool refused;	  /* one drew a reset alone, or was rejected */
	bool pending;	  /* the outcome of one is awaited */
	int64_t heard_ns; /* when the newest answer came, 0: none */
	int last_expired; /* greatest TTL at which one expired, 0: none */
};

struct flows {
	struct flow item[FLOWS_MAX];
	size_t n;
};

/*
 * The flows of a path to one port, but for the kernel's own: a kernel repeats its SYNs under
 * another flow label (Linux, IPv6), so that they may take another way. SYNs that were rejected by
 * ICMP count as failing.
 */
void flows_read(const struct path *path, uint16_t port, struct flows *out);

/* Whether a SYN was accepted; `lost`: it was refused, or had its time and drew nothing. */
bool flows_passed(const struct path *path, const struct probe *p, bool *lost);

/* Whether some of the SYNs that could reach the server were accepted, and some were not. */
bool flows_disagree(const struct path *path);

/* What became of SYNs with a TTL that routers let expire. */
struct flow_hop {
	struct addr router; /* of a SYN that expired, or none */
	uint16_t silent;    /* SYNs that drew nothing */
	uint16_t refused;   /* SYNs that drew a reset alone, or were rejected */
	uint16_t asked;
};

/* One flow at one hop. */
void flows_hop(const struct path *path, uint16_t port, uint16_t src_port, int ttl,
	       struct flow_hop *out);

/* The flows to the control port at one hop: how many were asked, and how many expired there. */
void flows_control(const struct path *path, int ttl, uint32_t *asked, uint32_t *expired);

/* Whether the flow's SYNs all fail; whether they all pass. */
static inline bool flow_fails(const struct flow *flow)
{
	return flow->tries > 0 && flow->passed == 0;
}

static inline bool flow_passes(const struct flow *flow)
{
	return flow->tries > 0 && flow->passed == flow->tries;
}

#endif
