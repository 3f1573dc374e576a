/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_MODEL_PLACE_H
#define INFER_MODEL_PLACE_H

/*
 * Places that the ways to several servers have in common: a router's input, its
 * output, the link in front of it. Routers are known by their addresses; one that did not
 * answer is taken for the one that others see behind the same predecessor.
 */

#include "infer/model/way.h"

/* A place, as the servers have it whose ways pass there. Priors are logarithms. */
struct place {
	uint32_t members;
	uint32_t heard[2]; /* of these, servers in whose name resets, and rejections, came */
	double log_prior;  /* that a shared rule about the way there is here */
	double log_back;   /* the same about the way back, of which inputs alone are told */
};

struct places {
	struct place *item;
	uint32_t n;
	uint32_t nodes;	  /* routers; node 0 is this host */
	uint32_t servers; /* the place "all servers' own side alike", WAY_NO_PLACE with one */
};

/* Finds the places of the ways and numbers them in the ways. 0, or -1 when there is no memory. */
int places_find(const struct scene *scene, struct way *ways, size_t n, struct arena *arena,
		struct places *out);

/* Fills the places' members and priors, once they are found. */
void places_weigh(const struct way *ways, size_t n, struct places *out);

/* The place of a position, or WAY_NO_PLACE: a server's own input. */
uint32_t places_at(const struct places *places, const struct way *way, int position);

#endif
