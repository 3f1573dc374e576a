/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/pace.h"
#include "base/array.h"
#include <stdlib.h>

#define SECOND_NS INT64_C(1000000000)

static struct pace_bucket *lookup(const struct pace *pace, const struct pace_bucket *key)
{
	for (size_t i = 0; i < pace->n; i++) {
		struct pace_bucket *b = &pace->buckets[i];
		bool same = addr_is_set(&key->router)
				    ? addr_equal(&b->router, &key->router)
				    : !addr_is_set(&b->router) && b->family == key->family &&
					      b->ttl == key->ttl;
		if (same)
			return b;
	}
	return NULL;
}

static struct pace_bucket *find(struct pace *pace, const struct pace_bucket *key, int64_t now_ns)
{
	struct pace_bucket *b = lookup(pace, key);
	if (b)
		return b;
	if (!array_reserve(&pace->buckets, &pace->cap, pace->n + 1, sizeof(*pace->buckets)))
		return NULL;
	b = &pace->buckets[pace->n++];
	*b = *key;
	b->tokens = addr_is_set(&key->router) ? key->tokens : PACE_BURST;
	b->at_ns = now_ns;
	return b;
}

bool pace_knows(const struct pace *pace, const struct pace_bucket *key)
{
	return lookup(pace, key);
}

bool pace_take(struct pace *pace, const struct pace_bucket *key, double tokens, int64_t now_ns,
	       int64_t *when_ns)
{
	struct pace_bucket *b = find(pace, key, now_ns);
	if (!b)
		return true; /* no memory for politeness: the overall rate still holds */
	b->tokens += (double)(now_ns - b->at_ns) / (double)SECOND_NS;
	if (b->tokens > PACE_BURST)
		b->tokens = PACE_BURST;
	b->at_ns = now_ns;
	if (b->tokens >= tokens) {
		b->tokens -= tokens;
		return true;
	}
	int64_t when = now_ns + (int64_t)((tokens - b->tokens) * (double)SECOND_NS) + 1;
	if (*when_ns == 0 || when < *when_ns)
		*when_ns = when;
	return false;
}

void pace_free(struct pace *pace)
{
	free(pace->buckets);
	*pace = (struct pace){0};
}
