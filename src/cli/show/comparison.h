/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_SHOW_COMPARISON_H
#define CLI_SHOW_COMPARISON_H

/*
 * The evidence folder of a comparison: several captures, which are judged
 * together or not at all.
 */

#include "cli/options.h"
#include "cli/show/save.h"
#include <stdbool.h>

/* Whether the path is such a folder, by what its result says. */
bool comparison_is(const char *path);

/*
 * Compares the captures of the folder that the options' only file names, as they were compared
 * when it was written. Returns the exit status, after a message if it is no verdict.
 */
int comparison_replay(const struct options *o, struct saving *saving);

/* Compares the files that the options name, the client's first, and saves what was asked for. */
int compare_files(const struct options *o, struct saving *saving);

#endif
