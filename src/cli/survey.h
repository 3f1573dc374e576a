/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_SURVEY_H
#define CLI_SURVEY_H

/*
 * Captures that whoblocks did not make: a first pass finds the client, the
 * servers and the ports, a second one fills the trace.
 */

#include "cli/feed.h"
#include "cli/log.h"
#include "cli/options.h"
#include "trace/trace.h"

/* Both passes over the options' files. 0, or an exit status after a message. */
int survey_replay(const struct options *o, struct log *log, struct trace *t,
		  struct feed_counts *counts);

#endif
