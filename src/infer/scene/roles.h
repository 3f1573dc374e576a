/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_SCENE_ROLES_H
#define INFER_SCENE_ROLES_H

/*
 * Who may own a hop: this host, the local network, the provider, transit, the
 * server's side. A hop that could be either's keeps both.
 */

#include "infer/result/line.h"
#include "infer/way/path.h"

/* Sets of enum segment. */
#define ROLE_BIT(segment) ((uint8_t)(1u << (segment)))
#define ROLE_LOCAL	  ROLE_BIT(SEGMENT_LOCAL)
#define ROLE_ISP	  ROLE_BIT(SEGMENT_ISP)
#define ROLE_TRANSIT	  ROLE_BIT(SEGMENT_TRANSIT)
#define ROLE_REMOTE	  ROLE_BIT(SEGMENT_REMOTE)

struct roles {
	int server_hop;			  /* the server's distance, PATH_TTL_MAX while unknown */
	uint8_t owners[PATH_TTL_MAX + 2]; /* by hop; [0] is this host */
	/* By hop: who may lie hidden between its predecessor and it, beside its owners. */
	uint8_t between[PATH_TTL_MAX + 2];
	const char *by[PATH_TTL_MAX + 2]; /* by hop: the rule that names the owners */
	/* By hop: whom that rule names; the order of the way may leave fewer. */
	uint8_t ruled[PATH_TTL_MAX + 2];
};

/* Where the ways of all servers lead on from a router, as far as their networks are known. */
enum fan {
	FAN_NONE,
	FAN_APART,   /* into several networks: it is no border router of the one behind it */
	FAN_CARRIED, /* some over one network that carries on: it may be that one's first router */
};

/*
 * Fills the owners of each hop of a path. `shared` (by hop, may be NULL) tells
 * hops that lie on the way to servers of other networks too: those are not the
 * server's own. `fans` (the same) tells where ways lead on from each hop.
 */
void roles_assign(struct roles *roles, const struct path *path, const bool *shared,
		  const enum fan *fans);

/*
 * A way runs through the segments in their order, so that a hop is no nearer than its predecessor
 * can be and no further than its successor: narrows the owners of hops 1 to `last` to that. Those
 * of hops with `fixed` (by hop, may be NULL) stay as they are.
 */
void roles_keep_order(uint8_t *owners, int last, const uint8_t *fixed);

/* How many segments a set has. */
int roles_parties(uint8_t owners);

/* Owners of a position on the line: a link belongs to the hop behind it, and to whoever may hide
 * there. */
uint8_t roles_at(const struct roles *roles, int position);

/* Whose parts of the way a span covers: ROLE_ bits. */
uint8_t roles_over(const struct roles *roles, const struct span *span);

#endif
