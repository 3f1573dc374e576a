/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_WAY_PARTING_H
#define INFER_WAY_PARTING_H

/*
 * Routers may choose the way by the port. Where the port's SYNs expire at routers that those of the
 * control never meet at the same hop, the control's further hops say nothing of what comes next.
 */

#include "infer/way/path.h"

/* Whether two sets of routers have one in common. */
bool parting_share(const struct hop_addrs *a, const struct hop_addrs *b);

/* Whether two paths show the same router at a hop, on whichever port. */
bool parting_same_hop(const struct path *a, const struct path *b, int hop);

/* Whether expiries are signed with the server's address, as behind an address translator: that is
 * no router's name. */
bool parting_renamed(const struct path *path, const struct hop_addrs *hop);

/* Fills path->parting and path->port_distance; part of scene_build(), once the distance is known.
 */
void parting_find(struct path *path);

/*
 * The last hop at which the port's SYNs expire, if none of the control's is known there: the two
 * may have parted by then, and what the control meets beyond says nothing. 0: they met, as
 * both do at hop 1, or are known to part.
 */
int parting_unmet(const struct path *path);

/* Whether the port's way is not the control's, or goes on beyond the control's end. */
bool parting_differs(const struct path *path);

/*
 * The path as the port's own routers show it, where they differ: these are in both lanes then. The
 * control's table is `hops`, which lives as long as *own.
 */
void parting_way(const struct path *path, struct path *own,
		 struct hop_addrs hops[PATH_TTL_MAX + 1]);

/* The router that the port's SYNs meet at a hop; none where only the control's is known. */
struct addr parting_addr(const struct path *path, int hop);

/* Where SYNs begin to go round. */
struct loop {
	int first;   /* the last hop up to which both ports meet the same routers, 0: none */
	int last;    /* the hop behind which they are proven to come back */
	bool alone;  /* one router lets them expire whatever their TTL */
	bool proven; /* else `first` alone is known */
};

/*
 * Whether SYNs to the port under test, not those to the control, meet a router again, or expire
 * with a TTL that takes everything else to the server.
 */
bool parting_loop(const struct path *path, struct loop *out);

/* Whether a router that one way shows at or behind the hop stands there on the other, too. */
bool parting_meet_again(const struct path *a, const struct path *b, int hop);

/* One router at two distances, or the control expiring where it was also answered. */
bool parting_is_uneven(const struct path *path);

#endif
