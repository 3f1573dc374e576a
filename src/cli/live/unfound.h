/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_LIVE_UNFOUND_H
#define CLI_LIVE_UNFOUND_H

/* Names that lead to no address: what the result says of servers that nobody could ask. */

#include "base/err.h"
#include "cli/live/candidates.h"
#include "io/names/resolve.h"

/*
 * A note for each cause, with the names that have no address by it: of kind "dns", those of
 * references of kind "name". `lookups`: one a candidate. 0, or -1 with *err (code 5).
 */
int unfound_names(struct trace *t, const struct candidates *c, const struct resolve_host *lookups,
		  struct err *err);

/* A note of kind "route" for a server that this host has no way to. As above. */
int unfound_route(struct trace *t, const char *host, const struct addr *addr, int error,
		  struct err *err);

#endif
