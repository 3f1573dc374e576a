/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_CAPTURE_FACT_PARTS_H
#define IO_CAPTURE_FACT_PARTS_H

/*
 * How a long JSON text travels in the comments of a section header, which hold
 * at most 65,535 bytes each: numbered parts "whoblocks-facts/1 n/m {json}".
 */

#include "base/bytes.h"
#include "base/text.h"
#include "io/capture/source.h"
#include <stddef.h>
#include <stdint.h>

#define FACT_PARTS_TAG "whoblocks-facts/1 "
#define FACT_PARTS_MAX 64
#define FACT_PART_ROOM 59900 /* of the JSON text; the rest is for the tag */

/* Where the text is cut: part i is [cut[i], cut[i + 1]). */
struct fact_cuts {
	size_t cut[FACT_PARTS_MAX + 1];
	uint32_t n;
};

/* Cuts between characters; false when the text needs more than FACT_PARTS_MAX parts. */
bool fact_parts_cut(const char *json, size_t len, struct fact_cuts *out);

/* What was read so far of the parts of a file. */
struct fact_parts {
	struct text json;
	uint32_t seen, all;
	bool broken;
};

/* Takes one comment; those that are not ours are passed over. */
void fact_parts_take(struct fact_parts *p, struct bytes comment);

enum source_facts fact_parts_state(const struct fact_parts *p);
void fact_parts_free(struct fact_parts *p);

#endif
