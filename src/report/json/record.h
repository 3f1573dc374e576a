/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef REPORT_JSON_RECORD_H
#define REPORT_JSON_RECORD_H

/*
 * How a measurement was made, as one more fact of its capture: what the result
 * says under `run`, there and back.
 */

#include "base/arena.h"
#include "report/page/about.h"
#include "report/report.h"
#include <stdbool.h>

struct json_t;

struct record {
	bool found;
	struct run_info run; /* about points to the member below */
	struct about about;
	struct arena arena;
};

/* The fact (a new reference), or NULL when there is no memory. */
struct json_t *record_encode(const struct run_info *run, const struct trace *t);

/*
 * Finds the fact in a list of facts. Input is hostile: what is not as record_encode() makes it is
 * unknown. False when there is no memory.
 */
bool record_decode(const struct json_t *facts, struct record *out);

void record_free(struct record *record);

#endif
