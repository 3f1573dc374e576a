/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_WATCH_ATTIC_H
#define CLI_WATCH_ATTIC_H

/*
 * Evidence that is kept: every run writes its folder under one name, and that of
 * a run that saw or confirmed a change gets a name of its own.
 */

#include "base/err.h"
#include <stdbool.h>
#include <stdint.h>

/* A folder of the user's; NULL path: nothing is kept. */
struct attic {
	const char *path;
	uint32_t keep; /* changes whose evidence is kept, the newest */
	char *newest;  /* where runs write: path/latest */
};

/* Makes the folder where it is not there. 0, or -1 with *err. */
int attic_open(struct attic *a, const char *path, uint32_t keep, struct err *err);
void attic_close(struct attic *a);

/*
 * Gives the newest run's folder the name of what it shows: "20261130T031000Z-blocked" and, for the
 * run that confirmed it, "...-confirmed". The name, to be freed; NULL when nothing is kept, or with
 * *err.
 */
char *attic_keep(const struct attic *a, int64_t since_us, const char *state, bool confirmed,
		 struct err *err);

/* What is kept of a candidate that began at this time; NULL: nothing. To be freed. */
char *attic_find(const struct attic *a, int64_t since_us, const char *state);

/* Removes one. */
void attic_drop(const char *folder);

/* Removes what is older than the newest changes; each is told by its name. */
typedef void attic_removed(void *arg, const char *folder);
void attic_prune(const struct attic *a, attic_removed *removed, void *arg);

#endif
