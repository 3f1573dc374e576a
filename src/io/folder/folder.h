/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_FOLDER_FOLDER_H
#define IO_FOLDER_FOLDER_H

/*
 * The evidence folder. It is filled under the name FOLDER.partial and takes its
 * own name in one step, so that whoever looks sees the old folder, the whole new
 * one, or none.
 */

#include "base/err.h"
#include "io/folder/place.h"
#include <stdbool.h>
#include <stddef.h>

#define FOLDER_CAPTURE "capture.pcapng"
#define FOLDER_OUTSIDE "outside.jsonl" /* what measurement engines answered */
#define FOLDER_SUMS    "SHA256SUMS"

struct folder {
	struct place place;
	char *partial; /* its name until it is whole */
	int fd;	       /* of the partial folder; locked while it is filled */
	bool replace;
};

/*
 * Whether `path` may become an evidence folder: nothing has the name, or (replace) an evidence
 * folder of ours that holds nothing else; and the same of FOLDER.partial. 0, or -1 with *err
 * (IO_USAGE, IO_SYSTEM).
 */
int folder_check(const char *path, bool replace, struct err *err);

/* Creates FOLDER.partial. The same statuses, and then there is nothing to give back. */
int folder_open(struct folder *f, const char *path, bool replace, struct err *err);

/*
 * Gives `name` of the folder that is to be replaced a second name here. 0, or -1 with *err
 * (IO_SYSTEM).
 */
int folder_keep(const struct folder *f, const char *name, const char *as, struct err *err);

/*
 * Writes the checksums of every file and gives the folder its name. 0, or -1 with *err (IO_SYSTEM);
 * the partial folder stays then.
 */
int folder_publish(struct folder *f, struct err *err);

/* Removes the partial folder with all that is ours in it. */
void folder_discard(struct folder *f);

/* Ends *f, and leaves what there is. */
void folder_close(struct folder *f);

/*
 * Whether every file of a finished folder is what its SHA256SUMS says. 0, or -1 with *err:
 * IO_EVIDENCE when one is not, IO_INPUT when this is no evidence folder.
 */
int folder_verify(const char *path, struct err *err);

#endif
