/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/serve/textfile.h"
#include "io/folder/place.h"
#include "io/host/status.h"
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MODE 0644

static bool write_all(int fd, const char *text, size_t n)
{
	while (n > 0) {
		ssize_t written = write(fd, text, n);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return false;
		text += written;
		n -= (size_t)written;
	}
	return true;
}

/* 0, or an errno. */
static int replace(const struct place *p, const char *temp, const char *text, size_t n)
{
	int fd, error = 0;

	/* What an earlier run left there; never written through, it may be a link. */
	if (unlinkat(p->dir, temp, 0) != 0 && errno != ENOENT)
		return errno;
	fd = openat(p->dir, temp, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, MODE);
	if (fd < 0)
		return errno;
	if (!write_all(fd, text, n) || fsync(fd) != 0)
		error = errno ? errno : EIO;
	close(fd);
	if (error == 0 && renameat(p->dir, temp, p->dir, p->name) != 0)
		error = errno;
	if (error != 0)
		unlinkat(p->dir, temp, 0);
	else
		place_sync(p->dir);
	return error;
}

int textfile_write(const char *path, const char *text, size_t n, struct err *err)
{
	struct place place;
	char *temp;
	int error;

	if (place_open(&place, path, err) != 0)
		return -1;
	temp = place_beside(&place, ".new");
	error = temp ? replace(&place, temp, text, n) : ENOMEM;
	free(temp);
	place_close(&place);
	return error == 0 ? 0
			  : err_set(err, IO_SYSTEM, "cannot write '%s': %s", path, strerror(error));
}
