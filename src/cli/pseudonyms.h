/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_PSEUDONYMS_H
#define CLI_PSEUDONYMS_H

/*
 * --redact: a measurement under pseudonyms, and the key to them for its owner.
 */

#include "cli/log.h"
#include "cli/options.h"
#include "infer/result.h"
#include "report/report.h"
#include "trace/trace.h"

struct pseudonyms;

/*
 * Puts pseudonyms into the trace and what *run says; with an evidence folder the key is written
 * beside it. The strings live in *out, which the caller frees with pseudonyms_free() after *run's
 * last use. 0, or an exit status after a message.
 */
int pseudonyms_use(const struct options *o, struct log *log, struct run_info *run, struct trace *t,
		   const struct result *r, struct pseudonyms **out);
void pseudonyms_free(struct pseudonyms *p);

#endif
