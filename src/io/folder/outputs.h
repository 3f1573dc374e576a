/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_FOLDER_OUTPUTS_H
#define IO_FOLDER_OUTPUTS_H

/*
 * Everything that a run leaves under a name. All of it is named, checked and
 * opened at the start; then a process of its own, the keeper, stays who the run
 * was and does no more than begin, name and remove these outputs, while the run
 * itself gives up its rights to do so and reads what strangers send.
 */

#include "base/err.h"
#include "io/folder/marker.h"
#include "io/host/privilege.h"
#include <stdio.h>

#define OUTPUTS_MAX 32

struct outputs;

/* `replace`: what this program wrote earlier may be replaced. NULL with *err. */
struct outputs *outputs_new(bool replace, struct err *err);

/*
 * A file, or the evidence folder and one of its files. The output's number, or -1 with *err
 * (IO_USAGE: something is there that is not replaced; IO_SYSTEM).
 */
int outputs_file(struct outputs *o, const char *path, enum marked kind, struct err *err);
int outputs_folder(struct outputs *o, const char *path, struct err *err);
int outputs_member(struct outputs *o, const char *name, struct err *err);

/* The folder's file of this name, or -1; and the folder's path, NULL without one. */
int outputs_find(const struct outputs *o, const char *name);
const char *outputs_folder_path(const struct outputs *o);

/* A file of the folder that is to be replaced gets a second name in the new one. 0, or -1. */
int outputs_keep(struct outputs *o, const char *name, const char *as, struct err *err);

/* The same of every earlier round's capture in the folder at `path`, which is the one replaced. */
int outputs_keep_rounds(struct outputs *o, const char *path, struct err *err);

/*
 * "NAME.partial" beside a file that was added, for what a killed run leaves. Its descriptor, which
 * is the caller's, or -1 with *err.
 */
int outputs_spool(struct outputs *o, int number, struct err *err);

/*
 * Starts the keeper, as `owner` without any further right; what follows is done by it. 0, or -1
 * with *err. Not for a process with threads.
 */
int outputs_guard(struct outputs *o, const struct caller *owner, struct err *err);

/* Begins an output, to be written and read; NULL with *err. */
FILE *outputs_begin(struct outputs *o, int number, struct err *err);

/*
 * Ends the stream, brings all of it to the disk and gives it its name, in place of what had it and
 * may go. 0, or -1 with *err (IO_SYSTEM) and nothing left behind.
 */
int outputs_finish(struct outputs *o, int number, FILE *f, struct err *err);

/* Ends the stream and leaves nothing of it. */
void outputs_abandon(struct outputs *o, int number, FILE *f);

/* Removes the spool, writes the checksums, and gives the folder its name. 0, or -1 with *err. */
int outputs_publish(struct outputs *o, struct err *err);

/*
 * Ends all. The spool goes unless `keep_spool`; a folder without its name goes unless `keep_folder`
 * and something is in it: then true, and *left is its path (to be freed).
 */
bool outputs_end(struct outputs *o, bool keep_spool, bool keep_folder, char **left);

#endif
