/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_WATCH_OUTCOME_H
#define CLI_WATCH_OUTCOME_H

/*
 * What a run's process told, its result as JSON and its exit status, as the
 * record that is remembered of it.
 */

#include "base/arena.h"
#include "base/text.h"
#include "state/past.h"
#include <stdbool.h>
#include <stddef.h>

struct json_t;

/* Strings belong to the arena. */
struct outcome {
	struct run_record run;
	struct json_t *result;	     /* the JSON object; NULL: it told none */
	struct past_server *servers; /* that the user named */
	size_t servers_n;
	bool bare;	   /* set by the caller: no evidence of it was written */
	const char *alone; /* the one server that is not open while others are; NULL: none */
	struct arena arena;
};

/*
 * Reads a result; `started` are the clocks when the process was started, `now_us` the wall clock
 * now: they hold where the result says nothing. Never fails: what cannot be read is a failed run.
 */
void outcome_read(const struct text *text, int status, const struct moment *started, int64_t now_us,
		  struct outcome *out);
void outcome_free(struct outcome *o);

#endif
