/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_LIVE_HOP_NAMES_H
#define CLI_LIVE_HOP_NAMES_H

/*
 * What this host's own resolver tells of the way: the names of routers, asked for as soon as each
 * has answered, and whether IPv6 addresses stand for IPv4 ones, while the measurement goes on.
 */

#include "cli/options.h"
#include "cli/out/log.h"
#include "io/names/reverse.h"
#include "io/names/translators.h"
#include "trace/trace.h"

struct hop_names {
	struct reverse *reverse; /* NULL: nobody is asked */
	size_t replies_seen;
	struct translators *translators; /* NULL: nobody is asked */
	size_t prefixes_seen;
};

/* Begins, unless the options forbid it. Without a resolver there are no names. */
void hop_names_open(struct hop_names *names, const struct options *o, struct log *log);

/* Asks for what is new and takes what has come; never waits. */
void hop_names_step(struct hop_names *names, struct trace *t);

/* Whether translators were asked for. */
bool hop_names_translators(const struct hop_names *names);

/* Waits a little for what has not come and puts the names into the trace. */
void hop_names_end(struct hop_names *names, struct trace *t, int64_t wait_ns);

void hop_names_close(struct hop_names *names);

#endif
