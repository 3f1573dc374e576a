/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_SCENE_BUILD_H
#define INFER_SCENE_BUILD_H

/*
 * Reads a trace into a scene: the servers' paths, and what follows from their comparison.
 */

#include "infer/scene/scene.h"

/* 0, or -1 when there is no memory. Free with scene_free() in either case. */
int scene_build(struct scene *scene, const struct trace *t);

void scene_free(struct scene *scene);

/*
 * The same without what this host does: where the raw socket is blocked here too, by the SYNs that
 * went past the firewall. As scene_build().
 */
int scene_build_beyond(struct scene *scene, const struct scene *whole);

#endif
