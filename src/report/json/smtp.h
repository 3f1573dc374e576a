/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef REPORT_JSON_SMTP_H
#define REPORT_JSON_SMTP_H

/*
 * A server's mail sessions in the result.
 */

#include "report/json/value.h"
#include "trace/trace.h"

/* A new reference, null when no session was held; failures are remembered in *m. */
json_t *json_smtp(struct value_maker *m, const struct trace *t, const struct finding *f);

#endif
