/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/host/streams.h"
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

bool streams_hold(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		/* Opened for the other direction, so that a use of it is an error as before. */
		int mode = fd == STDIN_FILENO ? O_WRONLY : O_RDONLY;

		if (fcntl(fd, F_GETFD) >= 0)
			continue;
		if (errno != EBADF || open("/dev/null", mode) != fd)
			return false;
	}
	return true;
}
