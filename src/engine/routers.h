/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef ENGINE_ROUTERS_H
#define ENGINE_ROUTERS_H

/*
 * What the routers on the ways have answers left for, by what the trace shows
 * that they spent.
 */

#include "engine/pace.h"
#include "infer/infer.h"

struct routers {
	struct pace pace;
	size_t answers_seen, probes_due; /* of the trace: counted so far */
};

struct routers_time {
	int64_t now_ns;
	int64_t wait_ns; /* the longest that an answer may take */
	double loss;	 /* share of SYNs that are lost on their way or back */
};

/* Counts what came, and what should have come, since the last call. */
void routers_count(struct routers *r, const struct trace *t, const struct routers_time *time);

/*
 * Whether the question's SYNs may expire now; keeps their answers free when they may. Otherwise
 * *wake_ns is moved forward to the time when they may.
 */
bool routers_take(struct routers *r, const struct trace *t, const struct question *q,
		  const struct routers_time *time, int64_t *wake_ns);

void routers_free(struct routers *r);

#endif
