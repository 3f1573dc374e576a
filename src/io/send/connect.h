/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_SEND_CONNECT_H
#define IO_SEND_CONNECT_H

/*
 * The kernel's own connect(), as the users that a firewall may tell apart. One
 * child process a user is forked while there are privileges; it becomes its
 * user, gives up every capability, and connects when told to. Its source ports
 * are a block of its own, bound from the start, so that the capture sees them.
 */

#include "base/addr.h"
#include "base/err.h"
#include "io/host/privilege.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CONNECT_USERS_MAX 16
#define CONNECT_PORTS	  16 /* connections that each user can try */

struct connector;

struct connect_order {
	struct addr addr;
	uint16_t port;
	uint32_t ifindex; /* leave through this interface; 0: as the routes say */
	uint32_t token;	  /* comes back with the outcome */
	uint8_t retries;  /* SYNs sent again without an answer; 0: as many as the system's own */
};

struct connect_outcome {
	uint32_t token;
	int error; /* errno; 0: connected, and closed again by a reset; EINPROGRESS: given up */
	int64_t took_ns;
};

/*
 * Forks a child for each of n users. NULL with *err (IO_PERMISSION when a user cannot be become,
 * IO_SYSTEM). The children end when the connector is
 * closed or this process ends.
 */
struct connector *connector_open(const struct caller *users, size_t n, struct err *err);
void connector_close(struct connector *c);

/* The first of a user's CONNECT_PORTS source ports. */
uint16_t connector_first_port(const struct connector *c, size_t user);

/*
 * Starts a connection; *src_port is the source port it has. 0, or an errno when it was not started
 * (ENOBUFS: the user's ports are used up).
 */
int connector_start(struct connector *c, size_t user, const struct connect_order *order,
		    uint16_t *src_port);

/* Gives up whatever is still under way to the port, so that the kernel repeats no SYN to it: its
 * outcome is EINPROGRESS. */
void connector_stop(struct connector *c, uint16_t port);

/* The next outcome, if there is one. connector_fd() is readable when there may be. */
bool connector_next(struct connector *c, struct connect_outcome *out);
int connector_fd(const struct connector *c);

#endif
