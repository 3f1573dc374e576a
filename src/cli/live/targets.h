/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_LIVE_TARGETS_H
#define CLI_LIVE_TARGETS_H

/*
 * Whom to ask: HOSTs, or servers of the known-good list, with their addresses
 * and the host's way to each.
 */

#include "cli/options.h"
#include "cli/out/log.h"
#include "io/host/route.h"
#include "io/names/known.h"
#include "trace/trace.h"

/* The way to each server of the trace, by the server's index. */
struct targets {
	const struct options *o; /* set by the caller, like the next two */
	const struct known_list *known;
	struct log *log;
	struct route_info *ways;
	size_t n, cap;
};

/*
 * Looks names and routes up and adds the servers to the trace. 0 also when nobody can be asked (the
 * trace has no server then, the log says why), or -1 with *err.
 */
int targets_find(struct targets *targets, struct trace *t, struct err *err);

void targets_free(struct targets *targets);

#endif
