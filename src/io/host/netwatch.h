/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_HOST_NETWATCH_H
#define IO_HOST_NETWATCH_H

/*
 * Tells when this host's own network goes away in the middle of a measurement:
 * then silence proves nothing.
 */

#include "base/err.h"
#include "trace/trace.h"
#include <stdbool.h>

/* A descriptor to poll and to close, or -1 when the kernel tells nothing. */
int netwatch_open(void);

/*
 * Takes the news that wait. Whether a device, an address or a default route that the trace's routes
 * rest on is gone; *what then says what.
 */
bool netwatch_lost(int fd, const struct trace *t, const char **what);

#endif
