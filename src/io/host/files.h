/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_HOST_FILES_H
#define IO_HOST_FILES_H

/*
 * What systems do differently with files, folders and descriptors. Where one
 * cannot do a thing at all the caller is told, and goes another way.
 */

#include <sys/types.h>

/* A variable of the environment, NULL where it could come from somebody with fewer rights. */
const char *files_environment(const char *name);

/* A file without a name in the folder, to be read and written; -1 with errno. */
int files_nameless(int dir, mode_t mode);

/* Gives it a name that nothing has in that folder. 0, or an errno. */
int files_give_name(int dir, int fd, const char *name);

/* A file in the folder that never had, or no longer has, a name, and gets none; -1 with errno. */
int files_temporary(const char *folder);

/*
 * Renames in one folder: only where nothing has the new name; or so that the two swap their names.
 * 0, or -1 with errno: EINVAL where the system or the file system cannot.
 */
int files_rename_fresh(int dir, const char *from, const char *to);
int files_rename_exchange(int dir, const char *one, const char *other);

/* A folder that may be written but not read; -1 with errno. */
int files_open_unread(const char *path);

/*
 * Sends a message over a pair of sockets. Where the other end is gone the caller hears EPIPE, and
 * no signal ends it. The bytes sent, or -1 with errno.
 */
struct msghdr;
ssize_t files_send(int line, const struct msghdr *message);

/* Closes the descriptors from `first` to `last`, both included. 0, or -1 with errno. */
int files_close(unsigned first, unsigned last);

#endif
