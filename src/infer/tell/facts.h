/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_TELL_FACTS_H
#define INFER_TELL_FACTS_H

/*
 * The facts about this host, as the result lists them.
 */

#include "infer/scene/scene.h"

/* Fills out->facts. 0, or -1 when there is no memory. */
int host_facts(const struct scene *scene, struct result *out);

#endif
