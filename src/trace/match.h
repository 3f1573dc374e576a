/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef TRACE_MATCH_H
#define TRACE_MATCH_H

/*
 * Packets into the ledger: is it one of our SYNs, an answer to one, a copy of
 * something already recorded, or none of our business? Answers are matched by
 * what the network must echo: ports and sequence number in an ICMP quote,
 * ack == seq + 1 in TCP, or behind the data that a SYN carried. No filter is
 * trusted; every packet is checked here.
 */

#include "trace/trace.h"
#include "wire/packet.h"

enum match {
	MATCH_STRANGER, /* not of this measurement: not kept */
	MATCH_PROBE,
	MATCH_REPLY,
	MATCH_COPY, /* the same packet on another interface */
	MATCH_FLOW, /* of one of our flows, but neither (closing reset, data) */
};

/* Records the packet in *t when it belongs there. packet->frame is recorded as its number. */
enum match match_packet(struct trace *t, const struct packet *packet);

#endif
