/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_PRESENT_H
#define CLI_PRESENT_H

/*
 * Judges a trace and shows the result as the options ask.
 */

#include "cli/log.h"
#include "cli/options.h"
#include "report/report.h"

/* Returns the exit status: the verdict's, or EXIT_SYSTEM after a message. */
int present_trace(const struct options *o, struct log *log, struct run_info *run,
		  const struct trace *t);

#endif
