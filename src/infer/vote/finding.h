/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_VOTE_FINDING_H
#define INFER_VOTE_FINDING_H

/*
 * A server's tables for the reader: hops, ports, distances, what answered.
 */

#include "infer/result/result.h"
#include "infer/scene/scene.h"

/* Fills everything of the finding but its judgement and sentence. */
void finding_fill(const struct scene *scene, uint32_t s, struct arena *arena, struct finding *out);

#endif
