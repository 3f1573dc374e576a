/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_ASK_ASKING_H
#define INFER_ASK_ASKING_H

/*
 * Questions while they are being collected, and how each sort of SYN is asked for.
 */

#include "infer/ask/question.h"
#include "infer/ask/sweepers.h"
#include "infer/numbers.h"

struct asking {
	const struct scene *scene;
	struct question *out;
	size_t cap, n;
	uint32_t sweepers[SWEEPERS_MAX];
	size_t sweepers_n;
	uint32_t ladder_end;	   /* ask_ladder_end() */
	bool last;		   /* some question is asked last */
	size_t sweepers_hoped;	   /* with those that may still answer */
	int64_t due_ns;		   /* when time alone may bring new questions; 0: never */
	const struct scene *whole; /* what lies beyond this host is asked; else NULL */
};

/* Adds a question if there is room. */
void ask_one(struct asking *a, struct question q);

/* One SYN with unlimited TTL. */
void ask_full(struct asking *a, uint32_t s, uint16_t port, uint8_t rank);

/* Control and target together, with one TTL. */
void ask_pair(struct asking *a, uint32_t s, int ttl, uint8_t rank);

/* The control alone. */
void ask_control(struct asking *a, uint32_t s, int ttl, uint8_t rank);

/* Whether SYNs with this TTL had their time and no router showed itself. */
bool ask_quiet(const struct path *path, int ttl);

/* SYNs that left or were refused. */
unsigned ask_tried(const struct outcome *o);

/* Pairs of SYNs with one TTL that left. */
unsigned ask_tried_pair(const struct path *path, int ttl);

/* A first guess of the server's distance, by the way back. */
int ask_estimate(const struct path *path);

#endif
