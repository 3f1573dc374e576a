/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_SCENE_SEEN_H
#define INFER_SCENE_SEEN_H

/* What a sentence about one server's way may say of a hop. */

#include "infer/scene/scene.h"

struct hop_seen {
	struct addr addr; /* the router or server that answered there, if one can be named */
	bool silent;	  /* it was asked, and no way of the family shows anybody there */
};

/*
 * The router on the server's own way, the server itself at its distance, else the one that all
 * other ways of its family show at the hop, if they agree.
 */
struct hop_seen scene_hop_seen(const struct scene *scene, uint32_t s, int hop);

#endif
