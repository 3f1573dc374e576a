/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_WAY_COUNT_H
#define INFER_WAY_COUNT_H

/*
 * Counts a server's probes into the tables of its path.
 */

#include "infer/way/path.h"

/*
 * Reads the probes of path->trace to path->server, where path->by_link is set those past the local
 * firewall instead of the others; the rest of *path is empty. `unknown_wait_ns`: the wait while no
 * round trip to it was measured. The path's tables of routers live in the arena, which has failed
 * when there was no memory.
 */
void count_path(struct path *path, int64_t unknown_wait_ns, struct arena *arena);

/* Adds what became of one SYN to *o, whose `sent` grows when the outcome is known. */
void count_probe(const struct path *path, const struct probe *p, struct outcome *o);

/* How long an answer of a server may take by its measured round trip, -1: none was measured. */
int64_t count_wait_ns(const struct trace *t, uint32_t server, bool by_link);

#endif
