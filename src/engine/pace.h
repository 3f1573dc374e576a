/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef ENGINE_PACE_H
#define ENGINE_PACE_H

/*
 * How fast: a bucket for each router, because Linux routers answer six expiries
 * at once and then one a second. Answers that were seen empty it; what is under
 * way is kept free until it had its time.
 */

#include "base/addr.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A SYN that comes a moment too early, by the jitter of the way, finds nothing: a tenth more. */
#define PACE_REFILL_NS INT64_C(1100000000)
#define PACE_BURST     6

struct pace_bucket {
	struct addr router; /* none: whatever answers at this TTL of this family */
	uint8_t family, ttl;
	double tokens; /* at at_ns */
	double kept;   /* of these, for SYNs that are under way until kept_ns */
	int64_t at_ns, kept_ns;
};

struct pace {
	struct pace_bucket *buckets;
	size_t n, cap;
};

/* A request to let SYNs expire. */
struct pace_wish {
	struct addr router; /* none: not known yet */
	uint8_t family, ttl;
	double tokens;
	int64_t hold_ns; /* how long their answers may take */
};

/*
 * Whether so many SYNs may expire at the router now; keeps their tokens when they may. Otherwise
 * *when_ns is moved forward to the time when they may, if that is earlier (or if it is 0).
 */
bool pace_take(struct pace *pace, const struct pace_wish *wish, int64_t now_ns, int64_t *when_ns);

/* The router spent an answer on us. */
void pace_seen(struct pace *pace, const struct addr *router, int64_t at_ns);

/*
 * A SYN that should have expired there drew nothing: the router has no answers left, unless it was
 * lost like the share `loss` of all SYNs.
 */
void pace_missed(struct pace *pace, const struct addr *router, double loss, int64_t now_ns);

void pace_free(struct pace *pace);

#endif
