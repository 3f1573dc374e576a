/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_FOLDER_WHOLE_H
#define IO_FOLDER_WHOLE_H

/*
 * An output file that appears under its name complete or not at all: it has no
 * name while it is written, where the file system can do that.
 */

#include "io/folder/marker.h"
#include <stdbool.h>

struct whole {
	int dir;	  /* a loan, as the next two */
	const char *name; /* to come */
	const char *temp; /* its name meanwhile, where it must have one */
	enum marked kind;
	bool replace; /* what has the name already goes, if it is of this kind and ours */
	int fd;	      /* -1: not begun */
	bool named;   /* it has the name `temp` */
};

/*
 * Whether the file can be made, as this process is now: its name is free, or may be replaced, and
 * the folder takes new files. 0, or an errno: EEXIST for what is there, ENOTUNIQ for something
 * under the temporary name. Leaves nothing.
 */
int whole_check(const struct whole *w);

/* Begins the file. 0, or an errno. */
int whole_begin(struct whole *w);

/* Gives what was written, and brought to the disk, its name. Ends it either way. 0, or an errno. */
int whole_finish(struct whole *w);

/* Ends it and leaves nothing. */
void whole_abandon(struct whole *w);

#endif
