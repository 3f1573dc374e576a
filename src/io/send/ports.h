/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_SEND_PORTS_H
#define IO_SEND_PORTS_H

/*
 * Source ports that are ours for the whole run: a block of consecutive TCP
 * ports, bound on every address of both families and not listening, so that
 * nobody else's connection gets one and the kernel closes what answers.
 */

#include "base/draw.h"
#include "base/err.h"
#include <stdint.h>

#define PORTS_MAX 4096

struct ports {
	uint16_t first;
	uint16_t n;
	int *fds; /* n bound sockets, in order; -1 where ports_give() took one */
};

/* Where a block lies beside the range that the kernel gives out by itself. */
enum ports_region { PORTS_OUTSIDE, PORTS_WITHIN, PORTS_BELOW };

/*
 * Binds n consecutive free ports, in the region when it has room for them, else anywhere; where
 * exactly is drawn. Raises the soft limit of open files when it has to.
 * 0, or -1 with *err (IO_SYSTEM) and nothing bound.
 */
int ports_bind(struct ports *ports, uint16_t n, enum ports_region region, struct draw *draw,
	       struct err *err);

/*
 * Hands over the socket of one port of the block: unconnected, bound, closed on exec. The caller
 * closes it. An AF_INET6 socket, dual stack, unless the host has no IPv6. -1 when it is gone.
 */
int ports_give(struct ports *ports, uint16_t port);

void ports_close(struct ports *ports);

#endif
