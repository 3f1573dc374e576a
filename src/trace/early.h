/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef TRACE_EARLY_H
#define TRACE_EARLY_H

/*
 * Segments of one direction that came before their turn, until what is missing before them comes,
 * too: segments overtake each other, get lost and are sent again.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EARLY_SEGMENTS_MAX 32
#define EARLY_BYTES_MAX	   (16U << 10) /* more than the first window of usual stacks */

struct early_segment {
	uint32_t seq, wire_len;
	uint32_t n; /* captured bytes, at most wire_len */
	const uint8_t *bytes;
	void *owned; /* a copy of them, NULL: they are somebody else's */
};

/* Zeroed: none. */
struct early {
	struct early_segment *items;
	size_t n, cap;
	size_t bytes; /* of all of them */
};

/* Keeps a copy of a segment's bytes. False: there is no room, or no memory. */
bool early_keep(struct early *early, const struct early_segment *segment);

/*
 * Takes out a segment that holds the byte with this number, or only older ones. False: none does.
 * What it owns is the caller's to free.
 */
bool early_take(struct early *early, uint32_t seq, struct early_segment *out);

/* Whether a comes after b, in numbers that wrap around (RFC 9293, 3.4). */
bool early_is_after(uint32_t a, uint32_t b);

void early_free(struct early *early);

#endif
