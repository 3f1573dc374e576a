/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_CAPTURE_SPOOL_H
#define IO_CAPTURE_SPOOL_H

/*
 * Temporary files without a name, for captures that cannot be read twice where
 * they are.
 */

#include "base/err.h"
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Told how much of an input is copied, while it is. */
struct captures_watch {
	void (*copied)(void *who, const char *name, uint64_t bytes);
	void *who;
};

/* An empty one, in TMPDIR or where it is usual; the caller closes it. NULL with *err (IO_SYSTEM).
 */
FILE *spool_open(const char *name, struct err *err);

/* Appends n bytes of the input called `name`. 0, or -1 with *err (IO_SYSTEM). */
int spool_add(FILE *spool, const char *name, const void *bytes, size_t n, struct err *err);

/* Ends the writing: it is read from its first byte. 0, or -1 with *err (IO_SYSTEM). */
int spool_finish(FILE *spool, const char *name, struct err *err);

/*
 * A copy of the rest of `from`, to be read from its first byte; the caller closes it. `watch` may
 * be NULL. NULL with *err (IO_INPUT, IO_SYSTEM).
 */
FILE *spool_copy(FILE *from, const char *name, const struct captures_watch *watch, struct err *err);

#endif
