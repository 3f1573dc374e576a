/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_LOAD_READING_H
#define CLI_LOAD_READING_H

/*
 * Captures into a trace: one of our own in a single pass, with its facts;
 * anybody else's in two, the first of which finds the client, the port and the
 * servers. What was assumed, left out or cut off becomes notes of the trace.
 */

#include "base/err.h"
#include "cli/load/load.h"
#include "io/folder/captures.h"

/*
 * Reads the captures, from their first frame, into out->trace (initialised), counts and record, as
 * out->o asks. 0, or an exit status with *err.
 */
int reading_fill(struct captures *captures, struct loaded *out, struct err *err);

#endif
