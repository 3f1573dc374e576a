/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef REPORT_JSON_SERVER_H
#define REPORT_JSON_SERVER_H

/*
 * One entry of the result's `servers`: a finding with its tables.
 */

#include "report/json/value.h"
#include "trace/trace.h"

/* A new reference; failures are remembered in *m. */
json_t *json_server(struct value_maker *m, const struct trace *t, const struct finding *f);

#endif
