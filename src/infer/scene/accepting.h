/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_SCENE_ACCEPTING_H
#define INFER_SCENE_ACCEPTING_H

/*
 * Somebody on the way who accepts connections in everybody's name: a performance proxy, a SYN proxy
 * for every port. Nothing that happens behind it can be seen by SYNs.
 */

#include "infer/scene/scene.h"

/*
 * The TTL from which SYNs to the server are accepted, on the port under test and on its control,
 * exactly as those to servers of other networks behind the same router; 0: not so.
 */
int scene_accepting(const struct scene *scene, uint32_t s);

/*
 * Whether no server of another network answers this family's SYNs: whoever accepts those to this
 * one may accept for everybody, and nothing shows it.
 */
bool scene_stands_alone(const struct scene *scene, uint32_t s);

/* Whether the sessions with the server behind it never came to a word. */
bool scene_hidden_behind(const struct scene *scene, uint32_t s);

#endif
