/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/folder/member.h"
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LONG_BYTES (64 << 20)

int member_folder(const char *path)
{
	return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/*
 * Whether a file that takes long to read has a hole, which nothing that makes captures leaves: a
 * few bytes on disk would keep the reader busy for years.
 */
static bool is_hollow(int fd, const struct stat *st)
{
	off_t hole = st->st_size > LONG_BYTES ? lseek(fd, 0, SEEK_HOLE) : -1;

	return (hole >= 0 && hole < st->st_size) || lseek(fd, 0, SEEK_SET) != 0;
}

int member_open(int folder, const char *name)
{
	struct stat st;
	int fd = -1;

	if (strchr(name, '/'))
		errno = EINVAL;
	else
		fd = openat(folder, name,
			    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0 || (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && !is_hollow(fd, &st)))
		return fd;
	close(fd);
	errno = EINVAL;
	return -1;
}

FILE *member_stream(const char *path, const char *name)
{
	int folder = member_folder(path);
	int fd = folder >= 0 ? member_open(folder, name) : -1;
	FILE *f = fd >= 0 ? fdopen(fd, "r") : NULL;
	int error = errno;

	if (folder >= 0)
		close(folder);
	if (fd >= 0 && !f)
		close(fd);
	errno = error;
	return f;
}
