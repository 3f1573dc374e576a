/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_LOAD_GATHER_H
#define CLI_LOAD_GATHER_H

/*
 * Several captures of one traffic into pairs: the client's by its trace, then
 * the others, each in one pass.
 */

#include "cli/load/load.h"
#include "cli/out/log.h"
#include "trace/pairs.h"

/*
 * Reads o->files, the client's first, into *loaded (its trace, counts and record) and *out. 0, or
 * an exit status after a message. The caller frees with load_free() and pairs_free() either way.
 */
int gather_captures(const struct options *o, struct log *log, struct loaded *loaded,
		    struct pairs *out);

#endif
