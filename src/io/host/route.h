/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_HOST_ROUTE_H
#define IO_HOST_ROUTE_H

/*
 * What the kernel's routing tables say of a destination (rtnetlink). Needs no
 * privileges.
 */

#include "base/addr.h"
#include "base/err.h"
#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>

#define ROUTE_MAC_BYTES 6

/* A flow to ask for; everything but dst may be left zero. */
struct route_query {
	struct addr dst;
	struct addr src;
	uint32_t ifindex; /* leave through this interface */
	/* Selectors that policy rules may look at; both ports are set with the protocol. */
	uint8_t ip_proto; /* IPPROTO_TCP; 0: a plain look-up, as a raw socket's */
	uint16_t src_port, dst_port;
	bool has_uid;
	uint32_t uid;
};

struct route_info {
	int error;	/* 0, or what the kernel answers a send: ENETUNREACH, EACCES, EINVAL ... */
	uint8_t type;	/* RTN_UNICAST, RTN_LOCAL, ... of rtnetlink(7); 0 with an error */
	uint32_t table; /* RT_TABLE_MAIN, ... */
	uint32_t ifindex; /* 0: unknown */
	char interface[IF_NAMESIZE];
	struct addr gateway; /* none: on-link */
	struct addr source;  /* this host's address towards it */
	uint32_t mtu;	     /* of the route, else of the interface */
	uint16_t hardware;   /* ARPHRD_ */
	bool has_link_header;
	uint8_t mac[ROUTE_MAC_BYTES]; /* the interface's own, zero without one */
};

/* 0 with *out (out->error tells that there is no way), or -1 with *err when netlink itself failed.
 */
int route_get(const struct route_query *query, struct route_info *out, struct err *err);

/* Whether the host has any route of a family (4 or 6) that leads away from it. */
bool route_family(uint8_t family);

/* The index of an interface, 0 when there is none of that name. */
uint32_t route_interface(const char *name);

/*
 * The link address of an on-link neighbour, if the kernel knows it. When it does not, the kernel is
 * made to ask for it (one UDP datagram to the discard port) and the answer is false.
 */
bool route_neighbour(uint32_t ifindex, const struct addr *addr, uint8_t mac[ROUTE_MAC_BYTES]);

#endif
