/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef REPORT_JSON_RUN_H
#define REPORT_JSON_RUN_H

/*
 * The result's `run`: how the measurement was made.
 */

#include "report/json/value.h"
#include "report/report.h"

/* A new reference; failures are remembered in *m. */
json_t *json_run(struct value_maker *m, const struct run_info *run, const struct trace *t);

/* The parts of it that packets do not show: clock, system, public, contact, results, redacted. */
void json_about(struct value_maker *m, json_t *object, const struct about *about);

/* A list of texts that ends with NULL, or an empty one for NULL. */
json_t *json_texts(struct value_maker *m, const char *const *items);

#endif
