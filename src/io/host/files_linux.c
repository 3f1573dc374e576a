/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/host/files.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PROC_PATH_BYTES 32
#define PRIVATE_MODE	0600

const char *files_environment(const char *name)
{
	return secure_getenv(name);
}

int files_nameless(int dir, mode_t mode)
{
	return openat(dir, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, mode);
}

int files_give_name(int dir, int fd, const char *name)
{
	char self[PROC_PATH_BYTES];

	if (linkat(fd, "", dir, name, AT_EMPTY_PATH) == 0)
		return 0;
	if (errno == EEXIST)
		return errno;
	snprintf(self, sizeof(self), "/proc/self/fd/%d", fd);
	return linkat(AT_FDCWD, self, dir, name, AT_SYMLINK_FOLLOW) == 0 ? 0 : errno;
}

int files_temporary(const char *folder)
{
	return open(folder, O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, PRIVATE_MODE);
}

/* Not every C library has the call of its own. */
static int rename_as(int dir, const char *from, const char *to, unsigned flags)
{
	return (int)syscall(SYS_renameat2, dir, from, dir, to, flags);
}

int files_rename_fresh(int dir, const char *from, const char *to)
{
	return rename_as(dir, from, to, RENAME_NOREPLACE);
}

int files_rename_exchange(int dir, const char *one, const char *other)
{
	return rename_as(dir, one, other, RENAME_EXCHANGE);
}

int files_open_unread(const char *path)
{
	return open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

ssize_t files_send(int line, const struct msghdr *message)
{
	return sendmsg(line, message, MSG_NOSIGNAL);
}

int files_close(unsigned first, unsigned last)
{
	return (int)syscall(SYS_close_range, first, last, 0U);
}
