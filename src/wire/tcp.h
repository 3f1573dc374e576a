/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef WIRE_TCP_H
#define WIRE_TCP_H

/*
 * The TCP header (RFC 9293) with the options that tell something about its maker.
 */

#include "base/bytes.h"
#include "wire/packet.h"

/*
 * Reads as much of a header as there is. False when not even ports and sequence number
 * are there. out->cut is set when the rest is missing or is no TCP header, in->cut when
 * anything is missing, options included. Else `in` stands on the payload.
 */
bool tcp_decode(struct bytes *in, struct tcp_header *out);

#endif
