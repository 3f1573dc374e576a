/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_ASK_QUESTION_H
#define INFER_ASK_QUESTION_H

/*
 * What is worth asking, and what is still awaited.
 */

#include "trace/trace.h"

/* Something whose answer could still change the verdict: send these SYNs. */
struct question {
	uint32_t server;
	enum probe_kind kind; /* PROBE_KERNEL: a connect() of `user`, an index in trace.users */
	uint8_t user;
	uint16_t port;	   /* the port to ask */
	uint16_t partner;  /* asked together with it in random order, 0: none */
	uint16_t src_port; /* on this flow's 5-tuple again, 0: the engine's choice */
	uint32_t seq;	   /* with src_port: sent before without an answer, and again now */
	uint8_t ttl;	   /* 0: unlimited */
	bool alone;	   /* may reach the server: needs a 5-tuple of its own */
	bool quiet;   /* no router shows itself at this TTL: there are no answers to run out of */
	uint8_t rank; /* 0: first */
	bool last;    /* only once nothing else is left to ask or to wait for */
	int64_t after_ns; /* not before, and with nothing beside it; 0: at any time */
};

/* What is still open. */
struct agenda {
	size_t questions_n;
	unsigned pending; /* SYNs whose outcome is still awaited */
	unsigned late;	  /* of these, the ones that hardly come any more: edge_late_ns() */
	int64_t due_ns;	  /* when the first of them counts as missing */
	int64_t wait_ns;  /* the longest that an answer may take */
	double loss;	  /* share of the SYNs to controls that drew no answer in time */
	bool nobody;	  /* no server answers on any port */
	bool calm;	  /* nothing is wrong so far (trace.run.polite) */
};

/*
 * Lists at most `cap` questions, each worth one SYN (or pair) now. SYNs whose outcome is awaited
 * count as asked. 0, or -1 when there is no memory.
 */
int infer_agenda(const struct trace *t, struct question *out, size_t cap, struct agenda *agenda);

#endif
