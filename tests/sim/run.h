/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SIM_RUN_H
#define SIM_RUN_H

/*
 * The real engine, ledger and inference in a simulated network, in virtual time.
 */

#include "case.h"
#include "infer/result/result.h"
#include "trace/trace.h"

struct run {
	struct trace trace;
	struct result result;
	const char *stop;
	int64_t took_ns; /* virtual */
	unsigned syns;
	unsigned full_most;   /* SYNs with unlimited TTL to one port of one server */
	unsigned second_most; /* SYNs in any one second */
	unsigned doubled;     /* SYNs that met another on their 5-tuple at the server */
	/* Every packet of the client's capture, where it was asked for; may be NULL. */
	void (*captured)(void *arg, const struct packet *packet);
	void *arg;
};

/* Measures; the caller frees with run_free(). Ends the program when there is no memory. */
void run_case(struct sim_case *c, struct run *out);
void run_free(struct run *run);

#endif
