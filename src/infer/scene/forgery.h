/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_SCENE_FORGERY_H
#define INFER_SCENE_FORGERY_H

/*
 * Signs that somebody on the way plays the part of others: answers that cannot
 * be what they say. Who sees the SYNs may answer them, or drop them by their TTL,
 * and seem to be further out than he is, never nearer. So where there is a sign,
 * everybody between this host and the place that the evidence shows stays
 * suspected.
 */

#include "infer/scene/scene.h"

/*
 * Looks through the answers of a family's servers for the first sign; part of scene_build(), once
 * the conducts are known.
 */
struct forgery forgery_find(const struct scene *scene, uint32_t first);

/* "forged-source" ..., as whoblocks(7) explains it; "none". */
const char *forgery_name(enum forgery_kind kind);

#endif
