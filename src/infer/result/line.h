/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_RESULT_LINE_H
#define INFER_RESULT_LINE_H

/*
 * The way as a line of half steps: host.out, link(0,1), 1.in, 1.out, link(1,2),
 * 2.in ... N.in, N.out. Every rule gives a closed range on it; a finding is the
 * intersection. What cannot be told apart from inside comes out the same.
 */

#include "infer/result/result.h"
#include <stdbool.h>

/* Positions; hop 0 is this host, whose input is no place of its own. */
static inline int line_in(int hop)
{
	return 3 * hop - 1;
}

/* After the hop's TTL check. */
static inline int line_out(int hop)
{
	return 3 * hop;
}

/* What lies between the hop's output and the next one's input. */
static inline int line_link(int hop)
{
	return 3 * hop + 1;
}

/* What is left behind the hop; 0, this host, has sent all that was captured. */
static inline int line_behind(int hop)
{
	return hop > 0 ? line_out(hop) : line_link(0);
}

/* What is left before the hop's TTL check; of the server, `far`, nothing is left out. */
static inline int line_before(int hop, int far)
{
	return hop < far ? line_in(hop) : line_out(far);
}

struct span {
	int lo, hi;
	bool way_back; /* the way back is not excluded */
};

/* From the host's output to the server, and the way back. */
struct span span_whole(int server_hop);
bool span_empty(const struct span *s);
struct span span_meet(const struct span *a, const struct span *b);

/* The hops beside the span: from_hop == to_hop when it lies at one hop. */
void span_hops(const struct span *s, int *from_hop, int *to_hop);

#endif
