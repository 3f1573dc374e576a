/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_COMPARE_FATES_H
#define INFER_COMPARE_FATES_H

/*
 * Packet by packet: arrived, changed, vanished, appeared; and one connection as
 * a table with both ends side by side.
 */

#include "infer/compare/rules.h"

/* Adds the packets of one server's connections to the comparison. False without memory. */
void compare_fates(const struct cross *x, struct comparison *c);

/* Fills the rows of the connection that shows the claim best. */
void compare_rows(const struct cross *x, const struct compared_claim *claim, struct arena *arena,
		  struct comparison *c);

/* What became of a packet on its way between the client and a capture. */
enum fate compare_fate(const struct cross *x, const struct pair_packet *packet, uint8_t capture);

/* What a capture has otherwise than the client's; whether more than address and TTL. */
bool compare_changes(const struct pairs *p, const struct pair_packet *packet, uint8_t capture,
		     char out[COMPARE_CHANGE_MAX]);

#endif
