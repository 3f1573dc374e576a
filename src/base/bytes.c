/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/bytes.h"
#include <string.h>

struct bytes bytes_of(const void *at, size_t len)
{
	return (struct bytes){.at = at, .len = len};
}

size_t bytes_left(const struct bytes *b)
{
	return b->len - b->pos;
}

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

/* The next n bytes: where they lie, or in `part`, filled up, when they are not all there. */
static const uint8_t *next(struct bytes *b, uint8_t *part, size_t n)
{
	if (bytes_left(b) < n) {
		bytes_copy(b, part, n);
		return part;
	}
	b->pos += n;
	return b->at + b->pos - n;
}

uint8_t bytes_u8(struct bytes *b)
{
	uint8_t v;

	bytes_copy(b, &v, 1);
	return v;
}

uint16_t bytes_u16_as(struct bytes *b, bool little_endian)
{
	uint8_t part[2];
	const uint8_t *v = next(b, part, sizeof(part));

	if (little_endian)
		return (uint16_t)(v[1] << 8 | v[0]);
	return (uint16_t)(v[0] << 8 | v[1]);
}

uint32_t bytes_u32_as(struct bytes *b, bool little_endian)
{
	uint8_t part[4];
	const uint8_t *v = next(b, part, sizeof(part));

	if (little_endian)
		return (uint32_t)v[3] << 24 | (uint32_t)v[2] << 16 | (uint32_t)v[1] << 8 | v[0];
	return (uint32_t)v[0] << 24 | (uint32_t)v[1] << 16 | (uint32_t)v[2] << 8 | v[3];
}

uint16_t bytes_u16(struct bytes *b)
{
	return bytes_u16_as(b, false);
}

uint32_t bytes_u32(struct bytes *b)
{
	return bytes_u32_as(b, false);
}

void bytes_skip(struct bytes *b, size_t n)
{
	if (n > bytes_left(b)) {
		b->cut = true;
		n = bytes_left(b);
	}
	b->pos += n;
}

struct bytes bytes_take(struct bytes *b, size_t n)
{
	size_t from = b->pos;
	struct bytes part;

	bytes_skip(b, n);
	/* An empty view may stand on NULL, from where even a step of zero is undefined. */
	part = bytes_of(from > 0 ? b->at + from : b->at, b->pos - from);
	part.cut = part.len < n;
	return part;
}

uint32_t bytes_hash(const void *at, size_t n, uint32_t seed)
{
	const uint8_t *b = at;
	uint32_t hash = seed ^ 2166136261u;

	for (size_t i = 0; i < n; i++)
		hash = (hash ^ b[i]) * 16777619u;
	return hash;
}
