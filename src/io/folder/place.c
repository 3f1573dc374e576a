/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/folder/place.h"
#include "io/host/files.h"
#include "io/host/status.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A folder that may be written but not read cannot be brought to the disk; the rest works. */
static int open_folder(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 && errno == EACCES ? files_open_unread(path) : fd;
}

static void trim(char *path)
{
	size_t len = strlen(path);

	while (len > 1 && path[len - 1] == '/')
		path[--len] = '\0';
}

/* Cuts the path into a folder's and a name. */
static bool split(char *path, const char **folder, const char **name)
{
	char *slash = strrchr(path, '/');

	*name = slash ? slash + 1 : path;
	*folder = !slash ? "." : slash == path ? "/" : path;
	if (slash)
		*slash = '\0';
	return **name != '\0' && strcmp(*name, ".") != 0 && strcmp(*name, "..") != 0;
}

int place_open(struct place *p, const char *path, struct err *err)
{
	char *copy = strdup(path);
	const char *folder, *name;
	int status = 0;

	*p = (struct place){.dir = -1, .path = strdup(path)};
	if (!copy || !p->path) {
		status = err_set(err, IO_SYSTEM, "no memory to write '%s'", path);
		goto out;
	}
	trim(copy);
	trim(p->path);
	if (!split(copy, &folder, &name)) {
		status = err_set(err, IO_USAGE, "'%s' cannot be written: it names no new file",
				 path);
	} else {
		p->name = strdup(name);
		p->dir = open_folder(*folder ? folder : "/");
		if (p->dir < 0 || !p->name)
			status = err_set(err, IO_SYSTEM, "cannot write '%s': %s", path,
					 strerror(errno));
	}
out:
	free(copy);
	if (status != 0)
		place_close(p);
	return status;
}

void place_close(struct place *p)
{
	if (p->dir >= 0)
		close(p->dir);
	free(p->name);
	free(p->path);
	*p = (struct place){.dir = -1};
}

char *place_beside(const struct place *p, const char *suffix)
{
	char *s = NULL;

	return asprintf(&s, "%s%s", p->name, suffix) < 0 ? NULL : s;
}

void place_sync(int dir)
{
	(void)fsync(dir);
}
