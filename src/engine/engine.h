/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

/*
 * Which probe next, and when to stop. The engine turns the inference's open
 * questions into orders, paces them, and says how long to wait. It does no I/O:
 * time is an argument, randomness a key, and what was sent it learns from the trace.
 */

#include "base/draw.h"
#include "engine/calls.h"
#include "trace/trace.h"
#include <stdbool.h>
#include <stdint.h>

/* Consecutive source ports that are bound for the run. */
struct port_block {
	uint16_t first, n;
};

/* Blocks far apart: who drops by source port is not to miss them all. */
#define ENGINE_BLOCKS 3

struct engine_options {
	uint16_t flows;			      /* source ports of each port of each server */
	uint32_t max_rate;		      /* packets a second in all */
	int64_t budget_ns;		      /* from engine_new() to the end */
	struct calls *calls;		      /* shared with the mail sessions; a loan, or NULL */
	const struct draw_key *key;	      /* of the numbers that the SYNs carry; copied */
	struct port_block raw[ENGINE_BLOCKS]; /* for raw SYNs, all of one size; used in turn */
	struct port_block link;		      /* for SYNs past the firewall, may be empty */
};

/* One SYN to send. */
struct order {
	uint32_t server;
	enum probe_kind kind;	     /* PROBE_RAW, PROBE_LINK, or PROBE_KERNEL: a connect() */
	uint8_t user;		     /* of a connect(): index in trace.users */
	uint16_t dst_port, src_port; /* src_port is 0 for a connect(), which has its own */
	uint32_t seq;
	uint16_t ip_id; /* never 0 */
	uint8_t ttl;
	bool arrives; /* the server may see it */
};

enum action_kind {
	ACTION_SEND, /* send action.order now, then report with engine_sent() */
	ACTION_WAIT, /* nothing to send before action.until_ns or the next frame */
	ACTION_DONE,
};

struct action {
	enum action_kind kind;
	struct order order;
	int64_t until_ns;
	bool rests;	  /* with ACTION_WAIT: until then no SYN to a mail port is to leave */
	const char *stop; /* why, with ACTION_DONE: "decided" "budget" "no-network" */
};

struct engine;

/* A new engine over the trace's servers, or NULL when there is no memory. */
struct engine *engine_new(const struct engine_options *options, const struct trace *t,
			  int64_t now_ns);
void engine_free(struct engine *e);

/* What to do now. Frames captured so far must be in the trace. */
struct action engine_next(struct engine *e, const struct trace *t, int64_t now_ns);

/* The order was carried out (error 0) or refused with an errno. */
void engine_sent(struct engine *e, const struct order *order, int error, int64_t now_ns);

#endif
