/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

/*
 * A bounds-checked reader over bytes that somebody else owns. Reading past the
 * end yields zero and sets a sticky flag, so a decoder reads a whole header and
 * checks `cut` once.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bytes {
	const uint8_t *at; /* first byte of the view */
	size_t len;	   /* bytes in the view */
	size_t pos;	   /* bytes read so far, never more than len */
	bool cut;	   /* a read went past the end */
};

static inline struct bytes bytes_of(const void *at, size_t len)
{
	return (struct bytes){.at = (const uint8_t *)at, .len = len};
}

static inline size_t bytes_left(const struct bytes *b)
{
	return b->len - b->pos;
}

/* Copies n bytes to `to`; what lies past the end is filled with zero. */
void bytes_copy(struct bytes *b, void *to, size_t n);

/* The next n bytes: where they lie, or in `part`, filled up, when they are not all there. */
static inline const uint8_t *bytes_next(struct bytes *b, uint8_t *part, size_t n)
{
	if (bytes_left(b) < n) {
		bytes_copy(b, part, n);
		return part;
	}
	b->pos += n;
	return b->at + b->pos - n;
}

/* The byte order of the writer of a capture file. */
static inline uint16_t bytes_u16_as(struct bytes *b, bool little_endian)
{
	uint8_t part[2];
	const uint8_t *v = bytes_next(b, part, sizeof(part));

	if (little_endian)
		return (uint16_t)(v[1] << 8 | v[0]);
	return (uint16_t)(v[0] << 8 | v[1]);
}

static inline uint32_t bytes_u32_as(struct bytes *b, bool little_endian)
{
	uint8_t part[4];
	const uint8_t *v = bytes_next(b, part, sizeof(part));

	if (little_endian)
		return (uint32_t)v[3] << 24 | (uint32_t)v[2] << 16 | (uint32_t)v[1] << 8 | v[0];
	return (uint32_t)v[0] << 24 | (uint32_t)v[1] << 16 | (uint32_t)v[2] << 8 | v[3];
}

/* Network byte order. */
static inline uint8_t bytes_u8(struct bytes *b)
{
	uint8_t part;

	return *bytes_next(b, &part, 1);
}

static inline uint16_t bytes_u16(struct bytes *b)
{
	return bytes_u16_as(b, false);
}

static inline uint32_t bytes_u32(struct bytes *b)
{
	return bytes_u32_as(b, false);
}

static inline void bytes_skip(struct bytes *b, size_t n)
{
	if (n > bytes_left(b)) {
		b->cut = true;
		n = bytes_left(b);
	}
	b->pos += n;
}

/* The next n bytes as a view; fewer, with `cut` set in both, when they are not there. */
static inline struct bytes bytes_take(struct bytes *b, size_t n)
{
	size_t from = b->pos;
	struct bytes part;

	bytes_skip(b, n);
	/* An empty view may stand on NULL, from where even a step of zero is undefined. */
	part = bytes_of(from > 0 ? b->at + from : b->at, b->pos - from);
	part.cut = part.len < n;
	return part;
}

/* FNV-1a over n bytes, continuing from `seed`; for tables and digests, not against an adversary. */
uint32_t bytes_hash(const void *at, size_t n, uint32_t seed);

/* No chain of a hash table with room for all grows so long unless somebody makes it. */
#define BYTES_CHAIN_MAX 64

#endif
