/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_INFER_H
#define INFER_INFER_H

/*
 * The ledger in, the verdict and the open questions out. Sees no bytes, does no
 * I/O, reads no clock: the trace says what time it is.
 */

#include "infer/result.h"
#include "trace/trace.h"

/* Something whose answer could still change the verdict. */
struct question {
	uint32_t server;
	uint16_t port;
	uint8_t ttl;  /* 0: full */
	uint8_t want; /* further probes that would settle it */
	bool paired;  /* ask the server's control and target port together */
	uint8_t rank; /* 0: first */
};

/*
 * Judges the trace into *out, which the caller frees with result_free().
 * 0, or -1 when there is no memory (*out is empty then).
 */
int infer_judge(const struct trace *t, struct result *out);

/*
 * Lists what is still worth asking, most urgent first, at most `cap`; how many. None: decided.
 * Outcomes that are still awaited count as asked.
 */
size_t infer_questions(const struct trace *t, struct question *out, size_t cap);

/* How long an answer to a probe of this server may take before it counts as missing, nanoseconds.
 */
int64_t infer_wait_ns(const struct trace *t, uint32_t server);

#endif
