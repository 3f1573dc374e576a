/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_FOLDER_PLACE_H
#define IO_FOLDER_PLACE_H

/*
 * Where an output goes: a folder that is held open, and a name in it. Whatever is
 * done later is done in that folder, whoever moves or links what the path once was.
 */

#include "base/err.h"
#include <stdbool.h>

struct place {
	int dir;
	char *name; /* one component */
	char *path; /* as the user gave it, without slashes at its end; for messages */
};

/*
 * Takes the path apart and opens its folder. 0, or -1 with *err (IO_USAGE: it names no new file;
 * IO_SYSTEM) and nothing to give back.
 */
int place_open(struct place *p, const char *path, struct err *err);
void place_close(struct place *p);

/* "NAME.suffix", to be freed; NULL without memory. */
char *place_beside(const struct place *p, const char *suffix);

/* What the disk knows of a folder's names survives a power cut only after this. */
void place_sync(int dir);

#endif
