/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_HOST_SOCKADDR_H
#define IO_HOST_SOCKADDR_H

/*
 * Our addresses as the socket calls want them, and back.
 */

#include "base/addr.h"
#include <stdint.h>
#include <sys/socket.h>

/*
 * Fills *out; `scope` is the interface index of a link-local IPv6 address, else 0. Returns the
 * length to pass along, 0 for no address.
 */
socklen_t sockaddr_fill(struct sockaddr_storage *out, const struct addr *addr, uint16_t port,
			uint32_t scope);

/* The same for a dual-stack AF_INET6 socket: an IPv4 address becomes ::ffff:a.b.c.d. */
socklen_t sockaddr_fill_dual(struct sockaddr_storage *out, const struct addr *addr, uint16_t port);

/* The address of a socket address (a v4-mapped one as IPv4), none for other families. */
struct addr sockaddr_addr(const struct sockaddr *from);

#endif
