/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_LOAD_FEED_H
#define CLI_LOAD_FEED_H

/*
 * The one pipeline of live and replay: a frame is decoded, matched and, when it
 * belongs to the measurement, in the trace.
 */

#include "trace/match.h"
#include "trace/trace.h"
#include "wire/frame.h"

struct feed_counts {
	uint64_t frames;   /* all that came */
	uint64_t kept;	   /* of the measurement */
	uint64_t broken;   /* cut or malformed */
	uint64_t unlinked; /* of a link type that is not known */
	uint64_t closed;   /* in an overlay network that was not looked into */
};

/* Whether the frame belongs to the measurement. */
bool feed_frame(struct trace *t, const struct frame *frame, struct feed_counts *counts);

#endif
