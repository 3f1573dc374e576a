/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_LIVE_POLICIES_H
#define CLI_LIVE_POLICIES_H

/*
 * What the operators of the networks on the way say of mail ports, from the
 * table that is compiled in.
 */

#include "trace/trace.h"

/*
 * Adds the policy of each operator whose routers answered, or whose address this host has, by
 * network number or name. Call it when the owners of hops are in the trace.
 */
void policies_match(struct trace *t);

#endif
