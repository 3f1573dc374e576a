/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_SCENE_RESTED_H
#define INFER_SCENE_RESTED_H

/*
 * SYNs to mail ports that no limit on their rate takes: the first few of the measurement, and those
 * that follow a rest. Silence of the others may be such a limit's.
 */

#include "infer/scene/scene.h"

/* Finds them; part of scene_build(). 0, or -1 when there is no memory. */
int rested_find(struct scene *scene);

/* Where silence says that SYNs vanish. */
struct rested_place {
	int near; /* the last hop that saw one */
	int ttl;  /* a TTL that gets a SYN beyond the place and back an answer; 0: unlimited */
};

/* The place between the last hop that saw the port's SYNs and the first that misses them. */
struct rested_place rested_place(const struct scene *scene, uint32_t s, int seen, int missing);

/* How rested SYNs fared that had to cross the place and to be answered behind it. */
struct outcome rested_beyond(const struct scene *scene, uint32_t s, struct rested_place place);

/* Whether so many of them drew nothing that SYNs vanish there at any pace. */
bool rested_confirm(const struct scene *scene, uint32_t s, struct rested_place place);

/* Whether a limit on the rate shows: rested SYNs of the family were answered from a hop where more
 * of the others are missing than of the controls. */
bool rested_refute(const struct scene *scene, uint8_t family);

#endif
