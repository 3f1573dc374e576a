/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_LIVE_KNOWN_LIST_H
#define CLI_LIVE_KNOWN_LIST_H

/*
 * The known-good servers that the options ask for: the user's file or the built-in list.
 */

#include "cli/options.h"
#include "io/names/known.h"

/* 0, or -1 with *err (code 4 or 5). The caller frees *out with known_free(). */
int known_list_open(const struct options *o, struct known_list *out, struct err *err);

#endif
