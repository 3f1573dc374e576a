/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_FOLDER_FOLDER_H
#define IO_FOLDER_FOLDER_H

/*
 * The evidence folder. It is filled under the name FOLDER.partial and takes its
 * own name in one step, so that whoever looks sees the old folder, the whole new
 * one, or none.
 */

#include "base/err.h"
#include <stdbool.h>
#include <stddef.h>

#define FOLDER_CAPTURE "capture.pcapng"
#define FOLDER_SUMS    "SHA256SUMS"

struct folder {
	char *path, *partial;
	int fd; /* of the partial folder; locked while it is filled */
	bool replace;
};

/*
 * Whether `path` may become an evidence folder: nothing has the name, or (replace) an evidence
 * folder that holds nothing else. 0, or -1 with *err (IO_USAGE).
 */
int folder_check(const char *path, bool replace, struct err *err);

/*
 * Creates FOLDER.partial as the present user; one that a killed run left is emptied. 0, or -1 with
 * *err (IO_USAGE, IO_SYSTEM) and nothing to give back.
 */
int folder_open(struct folder *f, const char *path, bool replace, struct err *err);

/* The path of a file in the partial folder, to be freed; NULL when there is no memory. */
char *folder_file(const struct folder *f, const char *name);

/* Writes a file whole. 0, or -1 with *err (IO_SYSTEM). */
int folder_write(const struct folder *f, const char *name, const char *bytes, size_t n,
		 struct err *err);

/* Copies a file from elsewhere. 0, or -1 with *err (IO_INPUT, IO_SYSTEM). */
int folder_copy(const struct folder *f, const char *from, const char *name, struct err *err);

/* Gives `name` of the folder that is to be replaced a second name here. The same statuses. */
int folder_keep(const struct folder *f, const char *name, const char *as, struct err *err);

/*
 * Writes the checksums of every file and gives the folder its name. Ends *f when that works. 0, or
 * -1 with *err (IO_SYSTEM); the partial folder stays then.
 */
int folder_publish(struct folder *f, struct err *err);

/* Whether nothing is in the partial folder. */
bool folder_is_empty(const struct folder *f);

/* Ends *f; the partial folder goes with all files in it, unless `keep`. */
void folder_close(struct folder *f, bool keep);

/*
 * Whether every file of a finished folder is what its SHA256SUMS says. 0, or -1 with *err:
 * IO_EVIDENCE when one is not, IO_INPUT when this is no evidence folder.
 */
int folder_verify(const char *path, struct err *err);

#endif
