/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_LIVE_LIVE_H
#define CLI_LIVE_LIVE_H

/*
 * The live loop: frames in, orders out, until the engine is done, the budget is
 * spent or the user interrupts.
 */

#include "cli/live/hop_names.h"
#include "cli/live/mail.h"
#include "cli/live/orders.h"
#include "cli/live/steady.h"
#include "cli/load/feed.h"
#include "cli/load/hop_owners.h"
#include "cli/out/log.h"
#include "engine/engine.h"
#include "io/capture/evidence.h"
#include "io/capture/source.h"
#include "trace/trace.h"

struct live {
	struct log *log;
	struct trace *trace;
	struct source *source;
	struct orders orders;
	struct engine *engine;
	struct mail_run mail;
	struct hop_names names;
	struct hop_owners owners;
	struct evidence *evidence; /* NULL: frames are not kept */
	int signal_fd;		   /* readable: the user wants the run to end */
	int netwatch_fd;	   /* news of this host's network, -1: none */
	struct steady steady;
	int64_t lost_ns; /* when this host's network went away, 0: it stands */
	struct feed_counts counts;
	uint64_t dropped;
	int64_t sampled_ns; /* when the capture's counters were last looked at */
	uint32_t kept;	    /* number of the newest frame kept */
};

/*
 * Runs to the end and fills trace.run.ended_ns and trace.run.stop. 0, or -1 with *err when the
 * capture or the output failed; what was seen until then stays in the trace.
 */
int live_run(struct live *live, struct err *err);

#endif
