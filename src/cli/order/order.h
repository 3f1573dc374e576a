/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_ORDER_ORDER_H
#define CLI_ORDER_ORDER_H

/*
 * Ordering measurements of the port from elsewhere, and waiting for what they show.
 */

#include "cli/order/ask.h"

/*
 * Asks the engine for what g->order says (or, with --resume, what it was asked before) and gathers
 * its answers, a value a line, into *answers. 0, or an exit status after a message; *dry: nothing
 * was ordered, since only its text was wanted.
 */
int order_outside(struct ordering *g, struct text *answers, bool *dry);

#endif
