/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_SEND_SENDER_H
#define IO_SEND_SENDER_H

/*
 * Sends single SYNs that look like the host kernel's own, through the host's
 * IP layer or past it, and tells the errno as it came: a refused send is
 * evidence.
 */

#include "base/addr.h"
#include "base/err.h"
#include "io/host/route.h"
#include <stdbool.h>
#include <stdint.h>

struct sender;

struct sender_options {
	const char *interface; /* bind to it; NULL: the routes decide */
	bool ipv4, ipv6;       /* families to open */
	uint32_t stamp_offset; /* where the TCP timestamps begin, in ms */
};

struct sender_packet {
	struct addr src, dst; /* both set, same family */
	uint16_t src_port, dst_port;
	uint32_t seq;
	uint16_t ip_id; /* IPv4; not 0 */
	uint8_t ttl;
	uint32_t mtu; /* of the route, for the MSS; 0: 1500 */
	bool bare;    /* a SYN without TCP options */
};

/*
 * Opens the raw sockets of the families asked for. NULL with *err (IO_PERMISSION, IO_USAGE for an
 * interface that is not there, IO_SYSTEM). A family that the host lacks is left out; sending in it
 * gives EAFNOSUPPORT.
 */
struct sender *sender_open(const struct sender_options *options, struct err *err);
void sender_close(struct sender *s);

/*
 * Opens a socket for SYNs past the firewall on the interface of a route. Call it with privileges,
 * once an interface. 0, or an errno (ENOTSUP: the interface has a link layer that it cannot
 * address).
 */
int sender_open_link(struct sender *s, const struct route_info *route);

/* A SYN through the host's IP layer. 0 or the errno of the send. */
int sender_syn(struct sender *s, const struct sender_packet *packet);

/*
 * The same SYN handed to the interface itself: no routing, no netfilter. The next hop's link
 * address comes from the kernel's neighbour table; EAGAIN when it is not there yet (it was asked
 * for: try again some milliseconds later). 0 or an errno; ENOTCONN when sender_open_link() did not
 * open the interface.
 */
int sender_link_syn(struct sender *s, const struct sender_packet *packet,
		    const struct route_info *route);

/*
 * Closes the half-open connection of a SYN: a reset with its sequence number + 1, as the kernel
 * answers a SYN-ACK it did not ask for. packet->ttl counts. 0 or an errno.
 */
int sender_reset(struct sender *s, const struct sender_packet *packet);

/* The same past the firewall, for the answer to sender_link_syn(). */
int sender_link_reset(struct sender *s, const struct sender_packet *packet,
		      const struct route_info *route);

#endif
