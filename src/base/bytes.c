/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/bytes.h"
#include <string.h>

void bytes_copy(struct bytes *b, void *to, size_t n)
{
	size_t have = bytes_left(b);
	uint8_t *out = to;

	if (n > have)
		b->cut = true;
	else
		have = n;
	if (have > 0)
		memcpy(out, b->at + b->pos, have);
	if (n > have)
		memset(out + have, 0, n - have);
	b->pos += have;
}

uint32_t bytes_hash(const void *at, size_t n, uint32_t seed)
{
	const uint8_t *b = at;
	uint32_t hash = seed ^ 2166136261u;

	for (size_t i = 0; i < n; i++)
		hash = (hash ^ b[i]) * 16777619u;
	return hash;
}
