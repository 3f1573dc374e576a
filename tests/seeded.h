/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SEEDED_H
#define SEEDED_H

/*
 * Chance in tests: the same seed gives the same test.
 */

#include "base/draw.h"
#include <stdint.h>

/* splitmix64: quick, and anybody can go back from its numbers to the seed. */
static inline uint64_t seeded_random(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

/* Below the bound, nearly alike: a bias below one in 2^32 / bound. */
static inline uint32_t seeded_below(uint64_t *state, uint32_t bound)
{
	return (uint32_t)((seeded_random(state) >> 32) * bound >> 32);
}

/* A key for the engine that this seed stands for. */
static inline struct draw_key seeded_key(uint64_t seed)
{
	struct draw_key key;
	for (unsigned i = 0; i < DRAW_KEY_BYTES; i++)
		key.bytes[i] = (uint8_t)seeded_random(&seed);
	return key;
}

#endif
