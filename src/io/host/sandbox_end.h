/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_HOST_SANDBOX_END_H
#define IO_HOST_SANDBOX_END_H

/* The last words of a process whose system call the filter does not allow. */

/*
 * From here on, such a call writes its name and number to standard error before the process ends by
 * SIGSYS. 0, or -1 with errno.
 */
int sandbox_end_named(void);

#endif
