/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef TRACE_PAIRS_TAKE_H
#define TRACE_PAIRS_TAKE_H

/*
 * Decoded packets of several captures into the pairs: the client's first, whose
 * connections the trace knows, then the others'.
 */

#include "trace/pairs.h"
#include "wire/packet.h"

/*
 * Takes note of a packet of `capture` (0: the client's, to be read wholly before the others)
 * where it belongs to a tested connection of `t`.
 */
void pairs_take(struct pairs *p, const struct trace *t, uint8_t capture,
		const struct packet *packet);

#endif
