/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_ASK_EDGE_H
#define INFER_ASK_EDGE_H

/*
 * Where the SYNs to a port that fails end, as one pair a hop shows it: what decides is asked there,
 * and not at every hop. Whoever turns out to be wrong by loss is asked again, here and by
 * ask_boundary().
 */

#include "infer/ask/asking.h"

/* As far as a server's own sweep shows it by now. */
struct edge {
	bool known;
	int hop; /* the first at which the control is answered and the port does not expire: its
		    SYNs are missed, reset or rejected from there on; 0: at none before the server
		  */
};

/* What is known of the port so far. */
enum edge_need {
	EDGE_NONE, /* it is open: it is asked everywhere */
	EDGE_SOON, /* its first answer is about due */
	EDGE_FAILS,
};

enum edge_need edge_need(struct asking *a, uint32_t s);

/* Of hops below `far`. */
struct edge edge_find(struct asking *a, uint32_t s, int far);

/* Whether the server's own SYNs beside that hop, where they had their time, deny it. */
bool edge_denied(const struct path *path, int hop);

/*
 * Whether no SYN of the lane in this slot was answered and the first is out for longer than any
 * answer of the server took: one is still awaited, but hardly to be hoped for. Where time alone is
 * to show that, the agenda is due then (asking.due_ns).
 */
bool edge_lags(struct asking *a, uint32_t s, const struct lane *lane, int slot);

/* Whether the control was asked at this hop and drew nothing, or hardly will any more. */
bool edge_quiet(struct asking *a, uint32_t s, int ttl);

/* When an answer is later than the longest round trip to the server: hardly one comes any more. */
int64_t edge_late_ns(const struct path *path, const struct probe *p);

/* Whether some sweeping server's SYNs to a port that fails are still awaited at this hop. */
bool edge_awaited(struct asking *a, int hop);

#endif
