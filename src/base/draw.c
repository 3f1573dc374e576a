/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/draw.h"
#include <string.h>

#define WORDS	      16
#define DOUBLE_ROUNDS 10
#define COUNTER	      12
#define STREAM	      13

static uint32_t rotate(uint32_t v, unsigned bits)
{
	return v << bits | v >> (32 - bits);
}

static uint32_t little_endian(const uint8_t *at)
{
	return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
	       (uint32_t)at[3] << 24;
}

/* The quarter round of RFC 8439, 2.1, on four words of the state. */
static void quarter(uint32_t x[WORDS], unsigned a, unsigned b, unsigned c, unsigned d)
{
	x[a] += x[b];
	x[d] = rotate(x[d] ^ x[a], 16);
	x[c] += x[d];
	x[b] = rotate(x[b] ^ x[c], 12);
	x[a] += x[b];
	x[d] = rotate(x[d] ^ x[a], 8);
	x[c] += x[d];
	x[b] = rotate(x[b] ^ x[c], 7);
}

/* The block function of RFC 8439, 2.3; moves the counter on. */
static void refill(struct draw *d)
{
	uint32_t *x = d->block;
	memcpy(x, d->words, sizeof(d->block));
	for (int i = 0; i < DOUBLE_ROUNDS; i++) {
		for (unsigned column = 0; column < 4; column++)
			quarter(x, column, 4 + column, 8 + column, 12 + column);
		for (unsigned n = 0; n < 4; n++)
			quarter(x, n, 4 + (n + 1) % 4, 8 + (n + 2) % 4, 12 + (n + 3) % 4);
	}
	for (unsigned i = 0; i < WORDS; i++)
		x[i] += d->words[i];
	d->words[COUNTER]++;
	d->used = 0;
}

void draw_open(struct draw *d, const struct draw_key *key, enum draw_stream stream)
{
	*d = (struct draw){
		.words = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574},
		.used = WORDS,
	};
	for (unsigned i = 0; i < DRAW_KEY_BYTES / 4; i++)
		d->words[4 + i] = little_endian(key->bytes + 4 * i);
	d->words[STREAM] = (uint32_t)stream;
}

uint32_t draw_next(struct draw *d)
{
	if (d->used == WORDS)
		refill(d);
	return d->block[d->used++];
}

uint32_t draw_below(struct draw *d, uint32_t bound)
{
	if (bound < 2)
		return 0;
	/* What is left over above the last multiple of the bound is drawn again. */
	uint32_t over = (UINT32_MAX - bound + 1) % bound, drawn;
	do
		drawn = draw_next(d);
	while (drawn < over);
	return drawn % bound;
}
