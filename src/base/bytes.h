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

struct bytes bytes_of(const void *at, size_t len);

/* Network byte order. */
uint8_t bytes_u8(struct bytes *b);
uint16_t bytes_u16(struct bytes *b);
uint32_t bytes_u32(struct bytes *b);

/* The byte order of the writer of a capture file. */
uint16_t bytes_u16_as(struct bytes *b, bool little_endian);
uint32_t bytes_u32_as(struct bytes *b, bool little_endian);

void bytes_skip(struct bytes *b, size_t n);

/* Copies n bytes to `to`; what lies past the end is filled with zero. */
void bytes_copy(struct bytes *b, void *to, size_t n);

/* The next n bytes as a view; fewer, with `cut` set in both, when they are not there. */
struct bytes bytes_take(struct bytes *b, size_t n);

size_t bytes_left(const struct bytes *b);

/* FNV-1a over n bytes, continuing from `seed`; for tables and digests, not against an adversary. */
uint32_t bytes_hash(const void *at, size_t n, uint32_t seed);

/* No chain of a hash table with room for all grows so long unless somebody makes it. */
#define BYTES_CHAIN_MAX 64

#endif
