/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_OUT_PROGRESS_H
#define CLI_OUT_PROGRESS_H

/*
 * How far a long read has come, on the terminal's last line. A read that is over in
 * a moment shows nothing.
 */

#include "base/text.h"
#include "cli/out/log.h"
#include "io/folder/captures.h"

struct progress {
	struct log *log; /* NULL: nobody watches */
	uint64_t frames;
	int64_t shown_ns; /* when something was shown; at first, when it began; 0: not yet */
};

/* A frame was read: from time to time shows which part of the captures that makes. */
void progress_frame(struct progress *p, const char *what, const struct captures *captures);

/* A struct captures_watch that shows how much was copied. */
struct captures_watch progress_watch(struct progress *p);

/* Takes the line away. */
void progress_end(struct progress *p);

/* " 43 % [======>        ] WHAT": the line for the part that is done, 0 to 1. */
void progress_bar(struct text *out, double part, const char *what);

#endif
