/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_WATCH_STORE_H
#define CLI_WATCH_STORE_H

/*
 * Where the history is, and how it is read by the commands that only read it.
 */

#include "base/text.h"
#include "cli/options.h"
#include "io/history/history.h"

/* The user's file, or where it is by default; may be kept in `buf`. */
const char *store_path(const struct options *o, struct text *buf);

/*
 * Before a history is written where nobody named a place: makes the folder of this default where
 * there is none. 0, or -1 with *err when this process may not write there.
 */
int store_prepare(const char *path, struct err *err);

/* The HOSTs as one text, separated by blanks. */
void store_hosts(const struct options *o, struct text *out);

/*
 * Before the history is read: no right but to read, no network. Root is not held to names here, as
 * the journal beside the file must be seen. 0, or -1 with *err.
 */
int store_confine(struct err *err);

/*
 * Reads the subjects, or (`one`) the one that the options name, from the time that they name. 0, or
 * -1 with *err. The caller frees with history_list_free().
 */
int store_read(const struct options *o, const char *only, struct history_list *out,
	       struct err *err);

#endif
