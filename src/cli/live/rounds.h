/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_LIVE_ROUNDS_H
#define CLI_LIVE_ROUNDS_H

/*
 * --rounds: the whole measurement again and again, each in a process of its own
 * that gives up its privileges like the first. What one round found, the next
 * ones know; the last one shows all.
 */

#include "base/arena.h"
#include "cli/options.h"
#include "infer/result/result.h"
#include "report/page/about.h"
#include "trace/trace.h"
#include <stddef.h>

#define ROUNDS_MAX 1000

/* The rounds so far. Strings belong to the arena. */
struct rounds {
	struct about_round *items; /* room for ROUNDS_MAX; NULL: a single measurement */
	size_t n;
	int report_fd; /* where this round tells its outcome; -1: nowhere */
	struct arena arena;
};

/* One whole measurement; its exit status. */
typedef int rounds_measure(const struct options *o, struct rounds *rounds);

/* Does it as often as the options say. Returns the last round's exit status. */
int rounds_run(const struct options *o, rounds_measure *measure);

/* Adds this round's outcome, if there are rounds, and tells whoever started it. */
void rounds_add(struct rounds *rounds, const struct trace *t, const struct result *r);

#endif
