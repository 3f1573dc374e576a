/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SIM_SHADOW_H
#define SIM_SHADOW_H

/*
 * The model's verdict beside that of the rules, on the same simulated measurement.
 */

#include "alone.h"
#include "table.h"

/* One number changed: what the model would have given the truth with it. */
struct shadow_try {
	const char *text; /* "name=value" */
	struct prior prior;
	double score;
	unsigned grades[GRADES];
};

#define SHADOW_TRIES 256

struct shadow_run {
	bool on, whole; /* whole: every belief is printed */
	struct shadow_try tries[SHADOW_TRIES];
	size_t tries_n;
	struct prior prior;
	struct table table;
	unsigned pairs[GRADES][GRADES]; /* grades of the rules, of the model */
	double score;			/* sum of the logarithms of what the model gave the truth */
};

struct shadow_run shadow_none(void);

/* Sets a number of the model from "name=value"; false when it has no such. */
bool shadow_prior(struct shadow_run *shadow, const char *text);

/* Scores each run with one number changed, too; `text` must stay. False when there is no such
 * number, or no room. After all shadow_prior(). */
bool shadow_try(struct shadow_run *shadow, const char *text);

/* Judges the run, prints a line where one of both is wrong. False when there is no memory. */
bool shadow_add(struct shadow_run *shadow, const struct sim_case *c, const struct run *run,
		const struct graded *rules);

void shadow_print(const struct shadow_run *shadow);

#endif
