/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SIM_FRAME_H
#define SIM_FRAME_H

/*
 * A packet as the bytes of a Linux cooked capture (SLL2): headers without
 * checksums, an ICMP error with the header and eight bytes of its quote.
 */

#include "wire/packet.h"

#define FRAME_BYTES_MAX 256

/* Writes the frame; its length. */
size_t frame_encode(const struct packet *p, uint8_t out[FRAME_BYTES_MAX]);

#endif
