/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_COMPARE_CROSS_H
#define INFER_COMPARE_CROSS_H

/*
 * One server's packets across the captures: at which places of the way they were
 * looked for, how many passed each, and what became of the answers.
 */

#include "infer/compare/compare.h"
#include "infer/result/line.h"
#include "infer/scene/scene.h"

#define CROSS_POINTS_MAX   16
#define CROSS_EXAMPLES_MAX 8

/* A place on the way where a capture looked. A capture of two interfaces is two places. */
struct cross_point {
	uint8_t capture;
	int hop;	/* routers that a packet passed before */
	bool inbound;	/* the machine's input, not the last router's output */
	bool at_server; /* nothing lies between it and the server */
	uint32_t target_sent, target_seen, control_sent, control_seen;
	uint32_t back_sent, back_seen; /* answers on control ports that the client got */
	/* Of those that were seen and may reach the server: SYNs to both; answered control SYNs. */
	uint32_t target_reach, control_reach, control_answered;
	uint32_t moved;		       /* SYNs to the port that had another destination there */
	uint32_t data_sent, data_seen; /* the client's bytes on the port; connections */
};

/* Packets that carry a claim. */
struct cross_examples {
	uint32_t packets[CROSS_EXAMPLES_MAX];
	size_t n;
};

/* Answers of one kind on the port under test. */
struct cross_answers {
	uint32_t n;	   /* at the client */
	uint32_t first;	   /* the attempt's first answer */
	uint32_t genuine;  /* seen at the furthest place that could have it */
	uint32_t forged;   /* missing where they must have passed */
	uint32_t made;	   /* of the genuine ones: another kind there, rewritten on the way */
	int lo, hi;	   /* forged or made: between these places (indexes; -1 the client) */
	uint32_t vanished; /* seen somewhere, and not at the client */
	int near, far;	   /* of the vanished: last seen at far (nearest place), missing at near */
	struct cross_examples forged_at, genuine_at, vanished_at;
};

struct cross {
	const struct trace *t;
	const struct pairs *p;
	const struct comparison *c;
	uint32_t server;
	uint16_t port;
	int server_hop;				     /* the server's distance, 0: unknown */
	bool settled_distance;			     /* it was found by the captures */
	struct cross_point points[CROSS_POINTS_MAX]; /* from near to far */
	size_t n;
	uint32_t attempts; /* SYNs to the port, in the client's capture */
	struct cross_answers synack, reset, late_reset, rejected;
	struct cross_examples lost;   /* SYNs to the port that did not come far */
	int last_seen, first_missing; /* of SYNs to the port: indexes, -1: none */
	uint32_t remade;	      /* connections that somebody made anew, by the same ports */
};

/* Reads everything of one server of the trace. `distance`: the server's hop or 0. */
void cross_build(struct cross *out, uint32_t server, int distance);

/* The packet as it was at an index of points, or NULL. */
const struct sighting *cross_at(const struct cross *x, const struct pair_packet *packet, int point);
bool cross_has(const struct cross *x, const struct pair_packet *packet, int point);

/* Whether the point looks at packets of that port. */
bool cross_listens(const struct cross *x, int point, uint16_t port);

/* Whether the point looked at that time of the client's clock. */
bool cross_covers(const struct cross *x, int point, int64_t at_ns);

/* The capture's point that a number of hops is the nearest to, -1: it has none. */
int cross_nearest(const struct cross *x, uint8_t capture, int hops);

/* Counts the answers; part of cross_build(). */
void cross_count_answers(struct cross *x);

void cross_example(struct cross_examples *e, uint32_t packet);

/* Iterates the attempts of the server; `target`: those to the port under test alone. */
uint32_t cross_next(const struct cross *x, uint32_t after, bool target);

#endif
