/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_SHOW_PRESENT_H
#define CLI_SHOW_PRESENT_H

/*
 * Judges a trace, keeps the evidence and shows the result as the options ask.
 */

#include "cli/options.h"
#include "cli/out/log.h"
#include "cli/show/judged.h"
#include "cli/show/pseudonyms.h"
#include "cli/show/save.h"
#include "report/report.h"

/*
 * Judges, writes what `saving` asks for (NULL: nothing) and shows the result. The trace is changed
 * where the options ask for pseudonyms. Returns the exit status: the verdict's, or another one
 * after a message.
 */
int present_and_save(const struct options *o, struct log *log, struct run_info *run,
		     struct trace *t, struct saving *saving);

/* Shows a result in one of the formats of `report`. Returns the verdict's status, or EXIT_SYSTEM.
 */
int present_result(const struct options *o, struct log *log, const struct judged *j,
		   const struct attachments *attached);

/*
 * Where the options ask for pseudonyms, puts them into the trace and judges it again; *pseudonyms
 * is the caller's to free after the result's last use. 0, or an exit status after a message: also
 * where the verdict would be another one.
 */
int present_redact(const struct options *o, struct log *log, struct judged *j,
		   struct pseudonyms **pseudonyms);

/*
 * Judges; fills how the run began and ended, and what it looks like from outside. 0, or EXIT_SYSTEM
 * after a message.
 */
int present_judge(struct log *log, struct judged *j);

#endif
