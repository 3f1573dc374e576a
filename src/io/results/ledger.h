/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_RESULTS_LEDGER_H
#define IO_RESULTS_LEDGER_H

/*
 * What a measurement engine says it sent and got, as packets of a trace: they take the way of
 * captured ones, so that the same matching and the same rules apply. Numbers that engines do not
 * tell (sequence numbers, IP identification) are counted up.
 */

#include "base/addr.h"
#include "trace/trace.h"
#include "wire/packet.h"

/* SYNs from one source port to one port of one server. */
struct ledger {
	struct trace *trace;
	struct addr client, server;
	uint16_t src_port, dst_port;
	uint32_t *number; /* of the last packet of the whole trace */
};

/* A SYN as it left. */
struct ledger_syn {
	uint32_t seq;
	uint16_t ip_id;
	uint16_t src_port;
	uint8_t ttl;
	int64_t at_ns;
};

/* An answer. */
struct ledger_answer {
	struct addr from;
	int64_t at_ns;
	uint8_t ttl;	     /* as it arrived */
	uint8_t flags;	     /* TCP_ bits; 0: ICMP */
	uint8_t options_len; /* of a TCP answer */
	uint16_t mss;
	bool rejected; /* ICMP unreachable of this code; else time exceeded */
	uint8_t code;
	uint8_t quoted_ttl;
};

/* Sends one; false when the trace has no room. */
bool ledger_send(struct ledger *l, uint8_t ttl, int64_t at_ns, struct ledger_syn *out);

/* The answer to that SYN; false when the trace takes it for nobody's. */
bool ledger_answer(struct ledger *l, const struct ledger_syn *syn,
		   const struct ledger_answer *answer);

/* It expired on its way although nobody said so: nothing of it is left at the server. */
void ledger_end(struct ledger *l, const struct ledger_syn *syn);

#endif
