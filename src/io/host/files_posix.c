/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/host/files.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define PATH_BYTES 4096
#define FDS_MOST   4096U /* a program that reads has a handful, and may have been given some */

const char *files_environment(const char *name)
{
	return getuid() == geteuid() && getgid() == getegid() ? getenv(name) : NULL;
}

int files_nameless(int dir, mode_t mode)
{
	(void)dir;
	(void)mode;
	errno = ENOTSUP;
	return -1;
}

int files_give_name(int dir, int fd, const char *name)
{
	(void)dir;
	(void)fd;
	(void)name;
	return ENOTSUP;
}

int files_temporary(const char *folder)
{
	char path[PATH_BYTES];
	int n = snprintf(path, sizeof(path), "%s/whoblocks-XXXXXX", folder), fd;

	if (n < 0 || (size_t)n >= sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	fd = mkstemp(path);
	if (fd < 0)
		return -1;
	if (unlink(path) == 0 && fcntl(fd, F_SETFD, FD_CLOEXEC) == 0)
		return fd;
	close(fd);
	return -1;
}

int files_rename_fresh(int dir, const char *from, const char *to)
{
	(void)dir;
	(void)from;
	(void)to;
	errno = EINVAL;
	return -1;
}

int files_rename_exchange(int dir, const char *one, const char *other)
{
	return files_rename_fresh(dir, one, other);
}

int files_open_unread(const char *path)
{
	return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

ssize_t files_send(int line, const struct msghdr *message)
{
#ifdef SO_NOSIGPIPE
	int on = 1;

	/* macOS has this in place of MSG_NOSIGNAL, FreeBSD both. */
	if (setsockopt(line, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof(on)) != 0)
		return -1;
	return sendmsg(line, message, 0);
#else
	return sendmsg(line, message, MSG_NOSIGNAL);
#endif
}

int files_close(unsigned first, unsigned last)
{
	for (unsigned fd = first; fd <= last && fd < FDS_MOST; fd++)
		(void)close((int)fd);
	return 0;
}
