/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_FOLDER_MEMBER_H
#define IO_FOLDER_MEMBER_H

/*
 * Files in a folder that may be anybody's: regular ones alone, reached by no link,
 * and nothing that makes the reader wait.
 */

#include <stdio.h>

/* The folder itself, to be read; -1 with errno. */
int member_folder(const char *path);

/*
 * A file in the open folder by its name, which has no slash. -1 with errno; EINVAL for what is
 * not a regular file, and for a large one with holes.
 */
int member_open(int folder, const char *name);

/* The same as a stream, by the folder's path. NULL with errno. */
FILE *member_stream(const char *path, const char *name);

#endif
