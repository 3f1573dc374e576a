/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef TRACE_FOLLOW_H
#define TRACE_FOLLOW_H

/*
 * What comes after the handshake of the kernel's own connections and of those
 * in somebody else's capture: their packets go to the ledger, and of the latter
 * the dialogue, too, as far as it is in clear text.
 */

#include "trace/match.h"
#include "trace/trace.h"
#include "wire/packet.h"

/*
 * A packet of a flow, or an ICMP error about one. MATCH_FLOW or MATCH_COPY when the connection is
 * followed, otherwise m.
 */
enum match follow_packet(struct trace *t, const struct packet *packet, enum match m);

#endif
