/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_TALKS_H
#define CLI_TALKS_H

/*
 * Who sent SYNs to whom, on which port: the first pass over somebody else's
 * capture. Bounded: what comes after the limit is counted, not kept.
 */

#include "base/addr.h"
#include "wire/packet.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TALKS_MAX 65536

struct talk {
	struct addr client, server;
	uint16_t port;
	uint32_t syns;
	uint32_t next; /* chain of equal hashes */
};

struct talks {
	struct talk *items;
	size_t n, cap;
	uint32_t *heads;
	uint64_t passed_over; /* SYNs of talks beyond TALKS_MAX */
	uint64_t attempts;    /* SYNs, and answers to one */
	int64_t first_ns, last_ns;
};

/* Takes note of a packet. False when there is no memory. */
bool talks_add(struct talks *talks, const struct packet *packet);

/* The client that sent the most SYNs to the port; none when nobody did. */
struct addr talks_client(const struct talks *talks, uint16_t port);

/* The port that drew the most SYNs, a mail port before others; 0: there was no SYN. */
uint16_t talks_likeliest_port(const struct talks *talks);

void talks_free(struct talks *talks);

#endif
