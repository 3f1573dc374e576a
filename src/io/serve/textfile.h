/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_SERVE_TEXTFILE_H
#define IO_SERVE_TEXTFILE_H

/*
 * A file that others read at any time: they see the old text or the new one, whole.
 */

#include "base/err.h"
#include <stddef.h>

/*
 * Replaces the file, by way of NAME.new beside it: readers that look for a name's ending pass that
 * over. 0, or -1 with *err (IO_SYSTEM, IO_USAGE), and the old file stays.
 */
int textfile_write(const char *path, const char *text, size_t n, struct err *err);

#endif
