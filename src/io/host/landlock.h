/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_HOST_LANDLOCK_H
#define IO_HOST_LANDLOCK_H

/*
 * Which names in the file system root itself may still open, where it cannot
 * become somebody else: Linux's Landlock.
 */

#include "base/err.h"
#include <stddef.h>

/* What stays open to a process; NULL ones are left out. */
struct landlock_paths {
	const char *const *inputs; /* files and folders to read */
	size_t inputs_n;
	const char *const *temps; /* folders for nameless files: what is in them may be written */
	size_t temps_n;
};

/*
 * From here on the process opens these, and reads what every program of the system reads; it makes,
 * renames and removes nothing. What is open stays open. 0, also where the kernel has no Landlock;
 * -1 with *err (IO_SYSTEM): then the process must not go on. Needs no_new_privs.
 */
int landlock_reads(const struct landlock_paths *paths, struct err *err);

/* The same without any name at all. */
int landlock_nothing(struct err *err);

#endif
