/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/pace.h"
#include "base/array.h"
#include <stdlib.h>

#define LEFT_ODDS 4.0 /* that a router which should have answers left has some */

static struct pace_bucket *find(struct pace *pace, const struct pace_wish *key, int64_t now_ns)
{
	bool known = addr_is_set(&key->router);
	for (size_t i = 0; i < pace->n; i++) {
		struct pace_bucket *b = &pace->buckets[i];
		bool same = known ? addr_equal(&b->router, &key->router)
				  : !addr_is_set(&b->router) && b->family == key->family &&
					    b->ttl == key->ttl;
		if (same)
			return b;
	}
	if (!array_reserve(&pace->buckets, &pace->cap, pace->n + 1, sizeof(*pace->buckets)))
		return NULL;
	struct pace_bucket *b = &pace->buckets[pace->n++];
	*b = (struct pace_bucket){
		.router = key->router,
		.family = key->family,
		.ttl = key->ttl,
		.tokens = PACE_BURST,
		.at_ns = now_ns,
	};
	return b;
}

/* Frames and the clock need not agree to the nanosecond: time never runs back. */
static void refill(struct pace_bucket *b, int64_t now_ns)
{
	if (now_ns > b->at_ns) {
		b->tokens += (double)(now_ns - b->at_ns) / (double)PACE_REFILL_NS;
		b->at_ns = now_ns;
	}
	if (b->tokens > PACE_BURST)
		b->tokens = PACE_BURST;
	if (now_ns >= b->kept_ns)
		b->kept = 0;
}

/* When the tokens will be there: what is kept may come free, and the rest drips in. */
static int64_t ready_ns(const struct pace_bucket *b, double tokens, int64_t now_ns)
{
	double free_then = b->tokens + (double)(b->kept_ns - now_ns) / (double)PACE_REFILL_NS;
	if (b->kept > 0 && free_then >= tokens)
		return b->kept_ns;
	double missing = tokens - (b->tokens - b->kept);
	return now_ns + (int64_t)(missing * (double)PACE_REFILL_NS) + 1;
}

bool pace_take(struct pace *pace, const struct pace_wish *wish, int64_t now_ns, int64_t *when_ns)
{
	struct pace_bucket *b = find(pace, wish, now_ns);
	if (!b)
		return true; /* no memory for politeness: the overall rate still holds */
	refill(b, now_ns);
	if (b->tokens - b->kept >= wish->tokens) {
		b->kept += wish->tokens;
		b->kept_ns = now_ns + wish->hold_ns;
		return true;
	}
	int64_t when = ready_ns(b, wish->tokens, now_ns);
	if (*when_ns == 0 || when < *when_ns)
		*when_ns = when;
	return false;
}

void pace_seen(struct pace *pace, const struct addr *router, int64_t at_ns)
{
	struct pace_wish key = {.router = *router};
	struct pace_bucket *b = find(pace, &key, at_ns);
	if (!b)
		return;
	refill(b, at_ns);
	b->tokens = b->tokens > 1.0 ? b->tokens - 1.0 : 0.0;
	b->kept = b->kept > 1.0 ? b->kept - 1.0 : 0.0;
}

void pace_missed(struct pace *pace, const struct addr *router, double loss, int64_t now_ns)
{
	struct pace_wish key = {.router = *router};
	struct pace_bucket *b = find(pace, &key, now_ns);
	if (!b)
		return;
	refill(b, now_ns);
	b->tokens *= LEFT_ODDS * loss / (1.0 + LEFT_ODDS * loss);
}

void pace_free(struct pace *pace)
{
	free(pace->buckets);
	*pace = (struct pace){0};
}
