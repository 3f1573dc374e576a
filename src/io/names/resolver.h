/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_NAMES_RESOLVER_H
#define IO_NAMES_RESOLVER_H

/*
 * The resolver library at work: its sockets are looked at, what came is taken.
 */

#include <ares.h>

/* Waits at most wait_ms (0: not at all) for one of the sockets, and lets the library act. */
void resolver_work(ares_channel channel, int wait_ms);

#endif
