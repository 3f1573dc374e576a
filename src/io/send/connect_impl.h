/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_SEND_CONNECT_IMPL_H
#define IO_SEND_CONNECT_IMPL_H

/*
 * What a connector and its children say to each other, whole messages over a
 * socket pair. Not for others.
 */

#include "io/send/connect.h"

#define CONNECT_STOP UINT16_MAX

/* To the child. */
struct connect_request {
	struct connect_order order;
	uint16_t slot; /* which of its ports; CONNECT_STOP: give up what is under way to order.port
			*/
};

/* The child's first message. */
struct connect_hello {
	int status; /* 0, or an enum io_status with why */
	uint16_t first_port;
	char why[sizeof(((struct err *)0)->msg)];
};

/* The life of a child: talks over `fd` and never returns. */
_Noreturn void connect_child(int fd, const struct caller *user);

#endif
