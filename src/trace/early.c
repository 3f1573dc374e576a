/* SPDX-License-Identifier: BSD-2-Clause */
#include "trace/early.h"
#include "base/array.h"
#include <stdlib.h>
#include <string.h>

bool early_is_after(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) > 0;
}

bool early_keep(struct early *early, const struct early_segment *segment)
{
	struct early_segment item = *segment;

	if (early->n == EARLY_SEGMENTS_MAX || item.n > EARLY_BYTES_MAX - early->bytes ||
	    !array_reserve(&early->items, &early->cap, early->n + 1, sizeof(item)))
		return false;
	item.owned = malloc(item.n ? item.n : 1);
	if (!item.owned)
		return false;
	if (item.n)
		memcpy(item.owned, segment->bytes, item.n);
	item.bytes = item.owned;
	early->items[early->n++] = item;
	early->bytes += item.n;
	return true;
}

bool early_take(struct early *early, uint32_t seq, struct early_segment *out)
{
	for (size_t i = 0; i < early->n; i++) {
		if (early_is_after(early->items[i].seq, seq))
			continue;
		*out = early->items[i];
		early->bytes -= out->n;
		early->items[i] = early->items[--early->n];
		return true;
	}
	return false;
}

void early_free(struct early *early)
{
	for (size_t i = 0; i < early->n; i++)
		free(early->items[i].owned);
	free(early->items);
	*early = (struct early){0};
}
