/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_MODEL_WAY_H
#define INFER_MODEL_WAY_H

/*
 * One server's probes as counted cells: what SYNs to the port drew, by TTL, and
 * how often what the control drew arrives.
 *
 * Positions on the way are those of infer's line; position 3 * end - 1 is the
 * server's input, the last there is.
 */

#include "base/arena.h"
#include "infer/model/hypothesis.h"
#include "infer/scene/scene.h"

#define WAY_HOPS     (PATH_TTL_MAX + 2) /* hops 0 (this host) to the server */
#define WAY_FULL     99			/* the TTL of a SYN whose TTL was not limited */
#define WAY_REPLIES  64			/* resets or rejections that are compared */
#define WAY_NO_PLACE UINT32_MAX

/* SYNs with one TTL that drew the same. */
struct way_cell {
	uint8_t ttl;
	uint8_t drew; /* set of enum drew; 0: nothing */
	uint32_t n;
};

/* One SYN: its flow, and its cell. */
struct way_trial {
	uint16_t flow;
	uint16_t cell;
};

/* A reset or a rejection as it arrived. */
struct way_reply {
	uint8_t sent_ttl, ttl, quoted;
	bool genuine; /* a reset as a conforming stack sends it */
	struct addr from;
};

struct way_replies {
	struct way_reply item[WAY_REPLIES];
	int n;
};

struct way_rate {
	uint32_t yes, no;
};

struct way {
	uint32_t server;
	int control_end; /* the hop at which the control is answered */
	int end;	 /* the same, further where SYNs to the port expired beyond: the server */
	int end_ttl;	 /* of the server's answers as they arrive, -1: unknown */
	int back[WAY_HOPS]; /* routers that answers of the hop come back over, -1: unknown */
	uint8_t owners[WAY_HOPS], between[WAY_HOPS]; /* sets of ROLE_BIT, by hop */
	int second_router; /* a hop that may belong to the house all the same, 0: none */
	bool uneven;	   /* balanced ways differ in length: a hop is not always at its TTL */
	struct addr router[WAY_HOPS]; /* what answered there, or none */
	struct way_cell *cells;
	size_t cells_n;
	struct way_trial *trials; /* sorted by flow */
	size_t trials_n;
	uint8_t heard;				 /* all that was drawn: set of enum drew */
	struct way_replies *resets, *rejections; /* NULL: none came */
	struct way_rate hop[WAY_HOPS];		 /* expiries that the control drew */
	struct way_rate answer;			 /* answers of the server to the control */
	uint32_t node[WAY_HOPS];   /* the hop's router, as struct places numbers them */
	uint32_t before[WAY_HOPS]; /* the last one before that is common to those who come there */
};

/*
 * Whether TTLs tell something on the way to the server, and nothing but what lies on the way
 * decides what comes of the SYNs: no finding of this host's, a control that is the server's.
 */
bool way_applies(const struct scene *scene, uint32_t s);

/* Counts the probes of server s. 0, or -1 when there is no memory. */
int way_read(const struct scene *scene, uint32_t s, struct arena *arena, struct way *out);

/* Who may be at a position: set of ROLE_BIT. */
uint8_t way_owners(const struct way *way, int position);

/* The share of a position that a party has: 1 over all. */
double way_share(const struct prior *p, const struct way *way, int position, enum segment party);

/* Flows of which a SYN was accepted. */
int way_accepted(const struct way *way);

/* The hop that a position belongs to; a link belongs to the hop behind it. */
static inline int way_hop(int position)
{
	return (position + 2) / 3;
}

/* Whether the position is a hop's output, its input, a link. */
static inline bool way_is_out(int position)
{
	return position % 3 == 0;
}

static inline bool way_is_in(int position)
{
	return position % 3 == 2;
}

/* The last position: the server's input. */
static inline int way_last(const struct way *way)
{
	return 3 * way->end - 1;
}

/* The smallest TTL with which a SYN gets to the position, having been forwarded by its hop or not.
 */
static inline int way_first_ttl(int position)
{
	return (position + 3) / 3;
}

#endif
