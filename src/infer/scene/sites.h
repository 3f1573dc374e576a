/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_SCENE_SITES_H
#define INFER_SCENE_SITES_H

/*
 * Which servers are of one network: by AS where both are known, else by /24 or
 * /48. Servers of one network vote once.
 */

#include "trace/trace.h"

/*
 * Numbers the trace's servers into sites[]: the first earlier one of the same network gives its
 * number, else it is the server's own index. 0, or -1 when there is no memory.
 */
int sites_number(const struct trace *t, uint32_t *sites);

#endif
