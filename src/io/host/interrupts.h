/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_HOST_INTERRUPTS_H
#define IO_HOST_INTERRUPTS_H

/*
 * The user's wish to stop, as something that a loop can wait for.
 */

#include "base/err.h"

/*
 * A descriptor of signalfd(2) that is readable after SIGINT, SIGTERM or SIGHUP, which end the
 * process no more; neither does output that nobody reads. The caller closes it. -1 with *err
 * (IO_SYSTEM).
 */
int interrupts_open(struct err *err);

/*
 * The same for a process that goes on: SIGUSR1 and the end of a child are told, too, and what
 * SIGHUP means is the caller's.
 */
int interrupts_open_watch(struct err *err);

/* The next signal that came, or 0. */
int interrupts_next(int fd);

#endif
