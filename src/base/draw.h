/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BASE_DRAW_H
#define BASE_DRAW_H

/*
 * Numbers drawn from a key: ChaCha20's key stream (RFC 8439). Who sees any of
 * them, but not the key, can tell nothing of the others. The same key and stream
 * give the same numbers. The key comes from the caller: nothing here asks the system.
 */

#include <stdint.h>

#define DRAW_KEY_BYTES 32

struct draw_key {
	uint8_t bytes[DRAW_KEY_BYTES];
};

/* What a key is used for: streams of one key are independent. */
enum draw_stream {
	DRAW_PROBES, /* sequence numbers, IP IDs, TTLs, the order of what is sent */
	DRAW_PORTS,  /* where the source ports lie */
	DRAW_STAMPS, /* where the TCP timestamps begin */
};

/* Where a stream is; holds the key. */
struct draw {
	uint32_t words[16]; /* the cipher's input: constants, key, block counter, stream */
	uint32_t block[16]; /* its output: the numbers to come */
	unsigned used;	    /* words of it that were given out */
};

void draw_open(struct draw *d, const struct draw_key *key, enum draw_stream stream);

/* The next 32 bits. */
uint32_t draw_next(struct draw *d);

/* Below the bound, each number alike; 0 for the bounds 0 and 1. */
uint32_t draw_below(struct draw *d, uint32_t bound);

#endif
