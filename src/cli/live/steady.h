/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_LIVE_STEADY_H
#define CLI_LIVE_STEADY_H

/*
 * The time of a run: starts at the clock's and goes on by one that nobody sets.
 * Frames are stamped by the clock, so that a step of it is taken out of them.
 */

#include <stdbool.h>
#include <stdint.h>

struct steady {
	int64_t base_ns; /* clock minus steady one, at the start */
	int64_t skew_ns,
		old_skew_ns; /* by how much the clock was set since, and before its last step */
	bool stepped;
};

void steady_start(struct steady *s);
int64_t steady_now(const struct steady *s);

/* Looks whether the clock was set; call it before frames are taken. */
void steady_look(struct steady *s);

/* A frame's time as it would be if nobody had set the clock. */
int64_t steady_frame(const struct steady *s, int64_t at_ns);

#endif
