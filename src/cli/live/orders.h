/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_LIVE_ORDERS_H
#define CLI_LIVE_ORDERS_H

/*
 * The engine's orders carried out: a SYN through the IP layer, one past the
 * firewall, or a user's connect(). What became of them goes into the trace as
 * facts where no frame can show it.
 */

#include "cli/live/targets.h"
#include "engine/engine.h"
#include "io/send/connect.h"
#include "io/send/sender.h"
#include "trace/trace.h"

#define ORDERS_RECENT 512

struct sent_order {
	struct order order;
	int64_t at_ns; /* 0: looked after already */
};

struct orders {
	struct trace *trace; /* set by the caller, like the next four */
	const struct targets *targets;
	struct sender *sender;
	struct connector *connector;
	uint8_t retries;  /* of the kernel's own SYNs; 0: as many as the system's */
	uint32_t ifindex; /* connections leave through this interface; 0: as the routes say */
	struct sent_order recent[ORDERS_RECENT];
	size_t next;
	size_t closed_n; /* probes looked through for half-open connections */
	uint64_t sent;
};

/* 0 or the errno of the send. */
int orders_carry_out(struct orders *orders, const struct order *order, int64_t now_ns);

/* Takes the outcomes of connections that there are. */
void orders_take_outcomes(struct orders *orders);

/* Gives up connections to the port under test that nobody answered: their SYNs would be repeated
 * while none is to leave. */
void orders_rest(struct orders *orders);

/* Notes the SYNs that should have come by in the capture by now and have not. */
void orders_look_after(struct orders *orders, int64_t now_ns);

/*
 * Resets connections that SYNs past the firewall left half open: the kernel's own reset may be
 * blocked as well. At the end of the run, with `all`, those of every other SYN, too.
 */
void orders_close_half_open(struct orders *orders, int64_t now_ns, bool all);

/* What connections without an outcome waited for so far. */
void orders_end(struct orders *orders, int64_t now_ns);

#endif
