/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_EXPLAIN_EXPLAIN_H
#define INFER_EXPLAIN_EXPLAIN_H

/*
 * The way into a verdict: for each server what was counted, what every rule makes of it, how the
 * servers vote, and what the model beside the rules would say. Decides nothing.
 */

#include "base/text.h"
#include "trace/trace.h"

/* Appends the explanation to *out; what came from the network is escaped. 0, or -1 when there is
 * no memory. */
int explain_trace(const struct trace *t, struct text *out);

#endif
