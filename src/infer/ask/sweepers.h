/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_ASK_SWEEPERS_H
#define INFER_ASK_SWEEPERS_H

/*
 * Whose way is traced: a few servers for all; the others vote.
 */

#include "infer/numbers.h"
#include "infer/scene/scene.h"

/* The servers of the family whose way is worth most, best first; how many. */
size_t sweepers_choose(const struct scene *scene, uint8_t family, uint32_t out[SWEEPERS_MAX]);

/* Whether the server is one of them. */
bool sweepers_has(const uint32_t *list, size_t n, uint32_t s);

#endif
