/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_SERVE_NOTIFY_H
#define IO_SERVE_NOTIFY_H

/*
 * Tells the service manager how this service is, by the protocol of sd_notify(3).
 */

#include <stdint.h>

/* "READY=1", "WATCHDOG=1", "STATUS=..."; nothing where nobody manages this process. */
void notify_send(const char *state);

/* How often at least it wants to hear WATCHDOG=1: half of what it waits; 0: not at all. */
int64_t notify_watchdog_us(void);

#endif
