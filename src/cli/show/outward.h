/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_SHOW_OUTWARD_H
#define CLI_SHOW_OUTWARD_H

/*
 * Results of measurement engines where nothing was measured here.
 */

#include "cli/load/vantages.h"
#include "cli/options.h"
#include "cli/show/save.h"

/*
 * Judges and shows them: the answer of one place alone as that of a capture, those of several as
 * what they say together. Returns the exit status.
 */
int outward_show(const struct options *o, struct log *log, struct vantages *v,
		 struct saving *saving);

/*
 * Whether the path is an evidence folder that holds such results and no capture: nothing was
 * measured here when it was written.
 */
bool outward_is_folder(const char *path);

/* The same as outward_show() of the options' only file, or such a folder. */
int outward_replay(const struct options *o, struct saving *saving);

#endif
