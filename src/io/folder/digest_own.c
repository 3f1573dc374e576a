/* SPDX-License-Identifier: BSD-2-Clause */
/* SHA-256 as FIPS 180-4 defines it. */
#include "io/folder/digest.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define WORDS	    8
#define ROUNDS	    64
#define BLOCK_BYTES 64
#define LEN_BYTES   8

struct digest {
	uint32_t hash[WORDS];
	uint64_t bytes; /* added so far */
	uint8_t block[BLOCK_BYTES];
};

/* Of the cube roots of the first 64 primes, the first 32 bits behind the point. */
static const uint32_t constants[ROUNDS] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
	0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
	0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
	0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
	0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
	0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
	0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
	0xc67178f2,
};

/* The same of the square roots of the first eight. */
static const uint32_t start[WORDS] = {
	0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
	0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

static uint32_t turn(uint32_t x, unsigned by)
{
	return x >> by | x << (32 - by);
}

/* The block's sixteen words, and those that follow from them. */
static void expand(const uint8_t block[BLOCK_BYTES], uint32_t w[ROUNDS])
{
	for (size_t i = 0; i < BLOCK_BYTES / 4; i++) {
		const uint8_t *at = block + 4 * i;

		w[i] = (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
	}
	for (size_t i = BLOCK_BYTES / 4; i < ROUNDS; i++) {
		w[i] = w[i - 16] + w[i - 7] +
		       (turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^ w[i - 15] >> 3) +
		       (turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^ w[i - 2] >> 10);
	}
}

/* A whole block into the hash. */
static void mix(struct digest *d)
{
	uint32_t w[ROUNDS], s[WORDS]; /* s: a to h of the standard */

	expand(d->block, w);
	memcpy(s, d->hash, sizeof(s));
	for (size_t i = 0; i < ROUNDS; i++) {
		uint32_t sum1 = turn(s[4], 6) ^ turn(s[4], 11) ^ turn(s[4], 25);
		uint32_t choice = (s[4] & s[5]) ^ (~s[4] & s[6]);
		uint32_t first = s[7] + sum1 + choice + constants[i] + w[i];
		uint32_t sum0 = turn(s[0], 2) ^ turn(s[0], 13) ^ turn(s[0], 22);
		uint32_t majority = (s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]);

		memmove(s + 1, s, (WORDS - 1) * sizeof(*s));
		s[4] += first;
		s[0] = first + sum0 + majority;
	}
	for (size_t i = 0; i < WORDS; i++)
		d->hash[i] += s[i];
}

struct digest *digest_begin(void)
{
	struct digest *d = calloc(1, sizeof(*d));

	if (d)
		memcpy(d->hash, start, sizeof(start));
	return d;
}

bool digest_add(struct digest *d, const void *bytes, size_t n)
{
	const uint8_t *from = bytes;

	while (n > 0) {
		size_t at = d->bytes % BLOCK_BYTES;
		size_t part = n < BLOCK_BYTES - at ? n : BLOCK_BYTES - at;

		memcpy(d->block + at, from, part);
		d->bytes += part;
		from += part;
		n -= part;
		if (d->bytes % BLOCK_BYTES == 0)
			mix(d);
	}
	return true;
}

bool digest_end(struct digest *d, unsigned char out[DIGEST_BYTES])
{
	static const uint8_t end[BLOCK_BYTES] = {0x80};
	uint8_t len[LEN_BYTES];
	size_t pad;

	if (!d)
		return false;
	for (size_t i = 0; i < LEN_BYTES; i++)
		len[i] = (uint8_t)(d->bytes * 8 >> (56 - 8 * i));
	pad = BLOCK_BYTES - (d->bytes + LEN_BYTES) % BLOCK_BYTES;
	(void)digest_add(d, end, pad);
	(void)digest_add(d, len, sizeof(len));
	for (size_t i = 0; i < DIGEST_BYTES; i++)
		out[i] = (unsigned char)(d->hash[i / 4] >> (24 - 8 * (i % 4)));
	free(d);
	return true;
}
