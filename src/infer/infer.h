/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_INFER_H
#define INFER_INFER_H

/*
 * The ledger in, the verdict and the open questions out. Sees no bytes, does no
 * I/O, reads no clock: the trace says what time it is.
 */

#include "infer/ask/question.h"
#include "infer/result/result.h"
#include "trace/trace.h"

/*
 * Judges the trace into *out, which the caller frees with result_free().
 * 0, or -1 when there is no memory (*out is empty then).
 */
int infer_judge(const struct trace *t, struct result *out);

/* The same with sentence, advice and suspects in the catalogue's language. */
int infer_judge_in(const struct trace *t, const struct catalogue *catalogue, struct result *out);

/* The same by the rules alone: for whoever has better evidence than one host's to weigh it by. */
int infer_judge_by_rules(const struct trace *t, const struct catalogue *catalogue,
			 struct result *out);

#endif
