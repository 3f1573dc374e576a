/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_CONFINE_H
#define CLI_CONFINE_H

/*
 * What a command that only reads may still do, before it reads a byte.
 */

#include "base/err.h"
#include "cli/options.h"

/*
 * Becomes the caller of sudo and its like, without any capability. Before any name is opened that
 * the caller gave. 0, or -1 with *err.
 */
int confine_caller(struct err *err);

/*
 * No network, no other program, and no file to write but what is open; root itself opens nothing
 * but the inputs that the options name. 0, or -1 with *err.
 */
int confine_reading(const struct options *o, struct err *err);

#endif
