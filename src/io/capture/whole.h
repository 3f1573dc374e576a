/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_CAPTURE_WHOLE_H
#define IO_CAPTURE_WHOLE_H

/*
 * An output file that appears under its name complete or not at all: it has no
 * name while it is written, where the file system can do that.
 */

#include "base/err.h"
#include <stdio.h>

struct whole {
	FILE *f;    /* write here; errors may wait until whole_finish() */
	char *path; /* the name to come */
	char *temp; /* the name meanwhile; NULL: none */
};

/* 0, or -1 with *err (IO_SYSTEM) and nothing to give back. */
int whole_open(struct whole *w, const char *path, struct err *err);

/*
 * Brings everything to the disk and gives the file its name, in place of what had it. Ends *w
 * either way. 0, or -1 with *err (IO_SYSTEM) and nothing left behind.
 */
int whole_finish(struct whole *w, struct err *err);

/* Ends *w and leaves nothing. */
void whole_abandon(struct whole *w);

#endif
