/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SIM_SHOW_H
#define SIM_SHOW_H

/*
 * One simulated measurement for a reader: as text, and as a capture that the
 * program replays.
 */

#include "check.h"
#include "io/capture/evidence.h"

struct show_file {
	const char *path; /* NULL: none */
	struct evidence *evidence;
	bool failed;
};

/* Lets the run write its packets. False after a message. */
bool show_open(struct show_file *file, struct run *run);
bool show_close(struct show_file *file, struct run *run);

/* `whole`: with all that was sent and answered. */
void show_run(const struct sim_case *c, const struct run *run, const struct graded *graded,
	      const char *rude, bool whole);

#endif
