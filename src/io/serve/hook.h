/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_SERVE_HOOK_H
#define IO_SERVE_HOOK_H

/*
 * The user's own program, run for what is worth telling. It gets the event as
 * JSON on its standard input, and a clean environment; it has no capability of
 * this program's, and is ended when it takes too long.
 */

#include "base/err.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define HOOKS_MAX    4 /* that run at once */
#define HOOK_SECONDS 30

struct hook {
	pid_t pid; /* 0: free */
	int64_t end_ns;
};

struct hooks {
	struct hook running[HOOKS_MAX];
};

/*
 * Starts the program. `environment` is NULL-terminated, "NAME=VALUE" each; PATH is added. 0, or -1
 * with *err (IO_SYSTEM): also while so many run.
 */
int hook_start(struct hooks *hooks, const char *program, const char *input,
	       char *const *environment, struct err *err);

/*
 * Ends those whose time is over, and takes one that has ended: its status as waitpid(2) gives it
 * goes to *status. False when none has.
 */
bool hook_step(struct hooks *hooks, int *status);

/* Whether any runs. */
bool hooks_busy(const struct hooks *hooks);

#endif
