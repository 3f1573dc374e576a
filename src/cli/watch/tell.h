/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_WATCH_TELL_H
#define CLI_WATCH_TELL_H

/*
 * What a run is told to: a line on standard output, the textfile, whoever asks
 * the endpoint, and the user's program.
 */

#include "base/text.h"
#include "cli/options.h"
#include "cli/out/log.h"
#include "cli/watch/keeper.h"
#include "io/serve/hook.h"
#include <stdbool.h>

struct tell {
	const struct options *o;
	struct log *log;
	struct keeper *keeper;
	struct hooks hooks;
	double suspects[BLOCKER_UNKNOWN + 1]; /* of the newest run; negative: none */
	bool textfile_fails;		      /* and that was said */
	bool screen;			      /* a screen shows the runs instead of lines */
};

/* Nothing is known of suspects yet. */
void tell_init(struct tell *t);

/* The metrics as they are now. */
void tell_metrics(void *tell, struct text *out);

/* Tells everybody of a run. False when standard output is gone, and with it the reason to run. */
bool tell_run(struct tell *t, const struct outcome *o, const struct kept *kept);

/* Takes programs that have ended; says which failed. */
void tell_step(struct tell *t);

#endif
