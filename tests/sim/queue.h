/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SIM_QUEUE_H
#define SIM_QUEUE_H

/*
 * What is going to happen in the simulated network, by time.
 */

#include "wire/packet.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum event_kind {
	EVENT_PACKET,	  /* the packet reaches the client */
	EVENT_RETRANSMIT, /* a server looks whether its SYN-ACK was answered */
};

struct event {
	int64_t at_ns;
	uint64_t order; /* of events at one time */
	enum event_kind kind;
	uint32_t slot; /* EVENT_RETRANSMIT */
	struct packet packet;
};

struct queue {
	struct event **heap;
	size_t n, cap;
	struct event **spare;
	size_t spare_n, spare_cap;
	uint64_t order;
};

/* An event of that time, to be filled; it belongs to the queue. Ends the program without memory. */
struct event *queue_add(struct queue *q, int64_t at_ns);

/* The next event, or NULL. */
const struct event *queue_first(const struct queue *q);

/* Takes it out into *out. */
void queue_take(struct queue *q, struct event *out);

void queue_free(struct queue *q);

#endif
