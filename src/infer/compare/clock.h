/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_COMPARE_CLOCK_H
#define INFER_COMPARE_CLOCK_H

/*
 * Two machines' clocks, from the packets that both captured: no packet arrives
 * before it was sent, in either direction, which bounds the offset from both sides.
 */

#include "infer/compare/compare.h"

/* The clock of a capture against the client's. Allocates nothing. */
struct compared_clock compare_clock(const struct pairs *p, uint8_t capture);

/* A time of the capture's clock by the client's. */
int64_t compare_clock_to_client(const struct compared_clock *clock, int64_t at_ns);

#endif
