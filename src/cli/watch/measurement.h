/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_WATCH_MEASUREMENT_H
#define CLI_WATCH_MEASUREMENT_H

/*
 * One run in a process of its own, which gives up its rights as `probe` does: a
 * crash, a hang or a leak of it is one failed run. It tells its result as JSON.
 */

#include "base/err.h"
#include "cli/options.h"
#include "cli/watch/outcome.h"
#include "state/record.h"
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define MEASUREMENT_OVERTIME_US INT64_C(5000000) /* beyond the budget; then it is ended */

struct measurement {
	pid_t pid; /* 0: none is under way */
	int fd;	   /* where it writes its result */
	struct moment started;
	int64_t end_us; /* when it is ended, by clock_boot_us() */
	bool killed;
};

/* Starts one with the options of a probe. 0, or -1 with *err (EXIT_SYSTEM). */
int measurement_start(struct measurement *m, const struct options *probe, struct err *err);

/* Ends it when its time is over. */
void measurement_bound(struct measurement *m);

/* Ends it now, and what it found is lost. */
void measurement_stop(struct measurement *m);

/*
 * Takes what it told when its process has ended. False while it has not. The caller frees *out with
 * outcome_free().
 */
bool measurement_take(struct measurement *m, struct outcome *out);

/* The clocks now. */
struct moment measurement_moment(void);

#endif
