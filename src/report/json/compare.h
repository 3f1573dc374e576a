/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef REPORT_JSON_COMPARE_H
#define REPORT_JSON_COMPARE_H

/*
 * The result's `compare`: captures of several places side by side.
 */

#include "infer/compare/compare.h"
#include "report/json/value.h"

/* A new reference; failures are remembered in *m. */
json_t *json_compare(struct value_maker *m, const struct comparison *c);

#endif
