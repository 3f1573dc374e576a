/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef REPORT_PAGE_COMMENT_H
#define REPORT_PAGE_COMMENT_H

/*
 * What each frame of the evidence means, for somebody who opens it in a packet
 * analyser and does not know this program: a sentence for every probe and every
 * answer.
 */

#include "base/arena.h"
#include "base/text.h"
#include "infer/result/result.h"
#include "trace/trace.h"
#include <stddef.h>
#include <stdint.h>

struct comment {
	uint32_t frame;
	const char *text;
};

/* Sorted by frame; everything belongs to the arena. */
struct comments {
	struct arena arena;
	struct comment *items;
	size_t n;
};

/* Comments for the frames of file 1. 0, or -1 when there is no memory (*out is empty then). */
int comments_make(const struct trace *t, const struct result *r, struct comments *out);

/* The comment of a frame, or NULL. */
const char *comments_find(const struct comments *c, uint32_t frame);

void comments_free(struct comments *c);

/* The number of a probe as comments and tables call it: by the order in the capture, from 1. */
uint32_t comment_probe_number(uint32_t probe);

/* A display filter of the usual packet analysers for a reason's frames; "" when it has none. */
void comment_filter(const struct reason *reason, struct text *out);

#endif
