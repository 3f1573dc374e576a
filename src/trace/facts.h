/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef TRACE_FACTS_H
#define TRACE_FACTS_H

/*
 * Facts as text: what the evidence capture carries beside the frames. One fact
 * is one JSON object; all together give back the same trace.
 */

#include "base/err.h"
#include "trace/trace.h"

struct json_t;

/* Every fact of the trace as a JSON array (a new reference), or NULL when there is no memory. */
struct json_t *facts_encode(const struct trace *t);

/*
 * Adds the facts of a JSON array to an empty trace. Unknown kinds and members are passed over, so
 * that an older program reads a newer file. 0, or -1 with *err when the text is not facts at all.
 * Input is hostile: every number is checked, every list bounded.
 */
int facts_decode(const struct json_t *array, struct trace *t, struct err *err);

#endif
