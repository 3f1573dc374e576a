/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_HOST_FIREWALL_QUEUE_H
#define IO_HOST_FIREWALL_QUEUE_H

/*
 * Who decides over packets that rules hand to a queue (NFQUEUE).
 */

#include "io/host/firewall_rules.h"

/*
 * Writes a line a queue to the descriptor: its number, the process that listens (0: not to be
 * seen), and that program's name, which is harmless to show. Nothing where nobody listens. Needs
 * root.
 */
void queues_print(int out);

/* Of a queue: who decides over it, and what else may be done than to let the port pass it by. */
struct queue_said {
	char program[256];  /* "queue 0, on which opensnitchd (process 712) decides" */
	const char *advice; /* static */
};

/* From what queues_print() wrote; a list of NULL is an empty one. */
void queues_say(const char *list, unsigned number, struct queue_said *out);

#endif
