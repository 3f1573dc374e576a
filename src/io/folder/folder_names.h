/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_FOLDER_FOLDER_NAMES_H
#define IO_FOLDER_FOLDER_NAMES_H

/*
 * The files of an evidence folder by name, and the removal of those alone: what
 * somebody else put there is never touched.
 */

#include <stdbool.h>
#include <stddef.h>

/* Whether a file of this name belongs into an evidence folder, and SHA256SUMS may name it. */
bool folder_is_member(const char *name);

/* Whether a file of this name is ours: finished, or half written by a run that was killed. */
bool folder_is_ours(const char *name);

/*
 * The names in the open folder that belong to the evidence, sorted, and how many; NULL: see errno.
 */
char **folder_list(int dir, size_t *n);
void folder_list_free(char **list, size_t n);

/* A name in the open folder that is not ours, in `buf`; NULL when there is none. */
const char *folder_stranger(int dir, char *buf, size_t size);

/* Whether the open folder is empty. */
bool folder_holds_nothing(int dir);

/* Removes our files in `name` and then the folder itself. Whether it is gone; errno tells why not.
 */
bool folder_remove(int parent, const char *name);

#endif
