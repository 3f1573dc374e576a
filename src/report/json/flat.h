/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef REPORT_JSON_FLAT_H
#define REPORT_JSON_FLAT_H

/*
 * The result on one level, for engines that have columns: names that stay, values that are numbers,
 * texts or null.
 */

#include "report/report.h"

/* A new reference; NULL when there is no memory. Keys stand in a fixed order. */
struct json_t *report_flat(const struct run_info *run, const struct trace *t,
			   const struct result *r);

#endif
