/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_HOST_SANDBOX_H
#define IO_HOST_SANDBOX_H

/*
 * Which system calls the process may still make. Whoever breaks into it by way of
 * a hostile packet or file finds no network, no other program and no way to more
 * rights: a call that is not allowed ends the process (SIGSYS).
 */

#include "base/err.h"
#include <stdbool.h>

enum sandbox_rules {
	SANDBOX_READS,	/* files to read, the standard streams, nothing else */
	SANDBOX_WRITES, /* as before, and files and folders to write: for the keeper of outputs */
	SANDBOX_LIVE,	/* all but what a measurement never needs once privileges are gone */
};

/*
 * Binds the process, all its threads and its children, for good. 0, also where the kernel has no
 * such filter or the build leaves it out; -1 with *err (IO_SYSTEM): then the process must not go
 * on.
 */
int sandbox_enter(enum sandbox_rules rules, struct err *err);

/* Whether this build filters: one with sanitizers or coverage counters does not. */
bool sandbox_built(void);

#endif
