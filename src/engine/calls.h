/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef ENGINE_CALLS_H
#define ENGINE_CALLS_H

/*
 * When the next connection to a mail port may begin, where lines or servers shut
 * out whoever begins many: SYNs of every TTL count, because whoever watches on the
 * way sees them all, and so do mail sessions.
 */

#include <stdbool.h>
#include <stdint.h>

/* Where connections are to be rare, the kernel is told to repeat an unanswered SYN once; some do
 * twice. */
#define CALLS_RETRIES	1
#define CALLS_OF_KERNEL 3

struct calls {
	int64_t gap_ns;	 /* from one to the next; 0: as fast as one likes */
	int64_t free_ns; /* when the next may begin */
	uint16_t port;	 /* the port under test, whatever its number */
};

/* How many connections to mail ports these two ports are; 0 is no port. */
unsigned calls_count(const struct calls *calls, uint16_t port, uint16_t partner);

/*
 * Whether one may begin now. Where not, *wake_ns becomes when, if that is earlier or it is past
 * already.
 */
bool calls_ready(const struct calls *calls, int64_t now_ns, int64_t *wake_ns);

/* n begin now. */
void calls_begin(struct calls *calls, unsigned n, int64_t now_ns);

#endif
