/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_LOAD_PASSES_H
#define CLI_LOAD_PASSES_H

/*
 * The frames of captures: once into the survey that finds out what a foreign
 * capture is about, once into the trace. Most frames of a large capture are passed
 * over after a glance, and most of its parts are not read a second time.
 */

#include "cli/load/load.h"
#include "cli/load/skim.h"
#include "cli/out/progress.h"
#include "io/folder/captures.h"
#include "trace/survey.h"

/* The caller sets the first two, and passes_end() releases the rest. */
struct passes {
	struct captures *captures;
	struct loaded *out;
	struct survey survey;
	struct skim skim;
	bool skims;	    /* the second reading leaves parts out */
	const char *closed; /* the first overlay that was not, or NULL */
	int64_t last_ns;    /* newest frame */
	struct progress progress;
};

/* All frames into the survey and the counts. 0, or an exit status with *err. */
int passes_survey(struct passes *p, struct err *err);

/*
 * Starts anew, and looks into the overlay networks that were left alone. 0, or an exit status with
 * *err.
 */
int passes_open_overlays(struct passes *p, struct err *err);

/* All frames that may matter into the trace. 0, or an exit status with *err. */
int passes_feed(struct passes *p, struct err *err);

/* Says that there is no memory; the exit status. */
int passes_no_memory(struct err *err);

void passes_end(struct passes *p);

#endif
