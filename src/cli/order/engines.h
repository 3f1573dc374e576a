/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_ORDER_ENGINES_H
#define CLI_ORDER_ENGINES_H

/*
 * The engines: to order what g->order says, and to wait for it.
 */

#include "cli/order/ask.h"

/* Order, and wait. 0, or an exit status after a message. */
int order_atlas(struct ordering *g, bool *dry);
int order_globalping(struct ordering *g, bool *dry);

#endif
