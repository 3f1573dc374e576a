/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_HOST_LIMIT_H
#define INFER_HOST_LIMIT_H

/*
 * Whether what this host refuses is refused for good: a rule that counts lets the first SYNs pass,
 * and one that names the controls alone says nothing of the port.
 */

#include "infer/host/local.h"

/*
 * Whether a limit of this host was used up on the port of a path's server: SYNs to it left for
 * servers of its family, and from some moment on every one was refused, while those to the control
 * were not.
 */
bool limit_used_up(const struct path *path);

/*
 * Whether this host refuses every control of the server and lets SYNs to the port under test go,
 * which nothing answers: what it forbids is the comparison.
 */
bool limit_forbids_controls(const struct path *path);

#endif
