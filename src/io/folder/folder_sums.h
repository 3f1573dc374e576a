/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_FOLDER_FOLDER_SUMS_H
#define IO_FOLDER_FOLDER_SUMS_H

/*
 * SHA256SUMS, the list that `sha256sum -c` reads.
 */

#include "base/err.h"
#include "base/text.h"

/* Appends a line for every file of the evidence in the open folder. 0, or -1 with *err. */
int folder_sums(int dir, struct text *out, struct err *err);

#endif
