/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef ENGINE_CALLS_H
#define ENGINE_CALLS_H

/*
 * When the next connection to a mail port may begin: lines and servers shut out
 * whoever begins many. SYNs of every TTL count, because whoever watches on the
 * way sees them all, and so do mail sessions; for a server only what may arrive.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where connections are to be rare, the kernel is told to repeat an unanswered SYN once; some do
 * twice. */
#define CALLS_RETRIES	1
#define CALLS_OF_KERNEL 3

#define CALLS_ALL    5 /* in any second, while nothing is wrong */
#define CALLS_SERVER 5 /* the same that may arrive at one server, whatever is wrong */

/* The newest of one sort: a ring of their times, and those that are planned beside them. */
struct calls_window {
	int64_t at_ns[CALLS_ALL]; /* 0: none yet */
	uint32_t planned;
	uint8_t next; /* the oldest */
};

struct calls {
	int64_t gap_ns;	   /* from one to the next of all; 0: as fast as one likes */
	int64_t free_ns;   /* when the next may begin */
	int64_t window_ns; /* in which CALLS_ALL of all may begin while `rare`, or 0 */
	bool rare;	   /* nothing is wrong so far: one a server a second, too */
	bool spare;	   /* no server gets more than CALLS_SERVER a second */
	uint16_t port;	   /* the port under test, whatever its number */
	struct calls_window all;
	struct calls_window *servers; /* by the server's index */
	size_t servers_n, servers_cap;
};

/* A connection that is to begin. */
struct call {
	uint32_t server;
	unsigned n;   /* of these at once: calls_count() */
	bool arrives; /* the server may see it */
};

/* How many connections to mail ports these two ports are; 0 is no port. */
unsigned calls_count(const struct calls *calls, uint16_t port, uint16_t partner);

/* As many a second as all servers need twice within the time, and CALLS_ALL at least. */
int64_t calls_window_ns(size_t servers, int64_t within_ns);

/*
 * Whether it may begin now, beside what is planned. Where not, *wake_ns becomes when, if that is
 * earlier or it is past already.
 */
bool calls_ready(struct calls *calls, const struct call *call, int64_t now_ns, int64_t *wake_ns);

/* Whether the gap to the one before has passed; likewise. */
bool calls_rested(const struct calls *calls, int64_t now_ns, int64_t *wake_ns);

/* It is to begin soon: calls_begin() follows. */
void calls_plan(struct calls *calls, const struct call *call);

/* What was planned begins now; now_ns 0: it never does. */
void calls_begin(struct calls *calls, const struct call *call, int64_t now_ns);

void calls_free(struct calls *calls);

#endif
