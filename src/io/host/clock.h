/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_HOST_CLOCK_H
#define IO_HOST_CLOCK_H

/*
 * Time and randomness: what the pure core gets as arguments.
 */

#include "base/draw.h"
#include "base/err.h"
#include <stdint.h>

/* Nanoseconds since the epoch, by the clock that stamps captured frames. */
int64_t clock_real_ns(void);

/* Nanoseconds of a clock that nobody sets: for waits and budgets. */
int64_t clock_mono_ns(void);

/* The same with the time that the machine slept: from when it started. */
int64_t clock_boot_ns(void);

/* A key from the kernel's generator, which never leaves this process. 0, or -1 with *err. */
int clock_key(struct draw_key *key, struct err *err);

#endif
