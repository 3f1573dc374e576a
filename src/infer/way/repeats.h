/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_WAY_REPEATS_H
#define INFER_WAY_REPEATS_H

/*
 * SYNs that repeat themselves in somebody else's capture: for how many a probe stands, and whether
 * it says anything.
 */

#include "infer/way/path.h"

/*
 * For how many SYNs of known outcome a probe stands, its retransmissions included. `answered`:
 * one of them drew something that counts.
 */
uint32_t repeats_trials(const struct path *path, const struct probe *p, bool answered);

/* Whether the probe says something of the port: an expiry for a SYN of unknown TTL does not. */
bool repeats_tell(const struct path *path, const struct probe *p);

#endif
