/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_WAY_HOPS_H
#define INFER_WAY_HOPS_H

/*
 * One hop of a way: who answers there, and how far its answers travel back.
 */

#include "infer/way/path.h"

/* Hops that an answer travelled back, guessed from the nearest usual initial TTL. */
int hops_back(uint8_t ttl);

/* The address at a hop as the lanes saw it (control first), or none. */
struct addr hops_addr(const struct path *path, int hop);

/*
 * Whether an address that an expiry at the hop carries is the server's, though the server is
 * further away: behind an address translator expiries are signed with it, and it is nobody's name.
 */
bool hops_is_servers(const struct path *path, int hop, const struct addr *addr);

/* Hops that a SYN-ACK of the server travels back, -1: it gave none. */
int hops_server_back(const struct path *path);

/* Whether one of the server's SYN-ACKs travelled back so many hops: its ways may differ in length.
 */
bool hops_server_as_far(const struct path *path, int back);

/* Hops on the way back from a router, as its expiries show; -1: unknown. */
int hops_router_back(const struct path *path, int hop);

#endif
