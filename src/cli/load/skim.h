/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_LOAD_SKIM_H
#define CLI_LOAD_SKIM_H

/*
 * Which parts of a large capture need not be read again: for each part the
 * reader keeps, as a Bloom filter, who spoke with whom in it. Once the servers
 * are known, parts without a word to or from one of them are left out.
 */

#include "io/capture/source.h"
#include "trace/trace.h"
#include "wire/glance.h"

struct skim_part;

/* Zeroed: an empty one. */
struct skim {
	struct skim_part *parts;
	size_t n, next;	     /* next: the part that is read again next */
	uint64_t part_bytes; /* how long a part is, about */
	uint64_t noted;	     /* bytes of frames in the newest */
};

/* Before the first frame of the first reading. False without memory. */
bool skim_begin(struct skim *s, const struct source *source);

/*
 * Takes note of the frame that was handed out last, in the first reading: of `packet` where the
 * glance was unsure (NULL: it could not be decoded). False without memory.
 */
bool skim_note(struct skim *s, const struct source *source, const struct frame *frame,
	       const struct glance *glance, const struct packet *packet);

/*
 * Before each frame of the second reading: moves the source past the parts that do not matter.
 * False when that failed.
 */
bool skim_move(struct skim *s, struct source *source, const struct trace *t);

void skim_free(struct skim *s);

#endif
