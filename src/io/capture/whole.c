/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/capture/whole.h"
#include "io/host/status.h"
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TEMP_SUFFIX	".new"
#define FILE_MODE	0666
#define PROC_PATH_BYTES 32

static char *join(const char *a, const char *b)
{
	char *s = NULL;

	return asprintf(&s, "%s%s", a, b) < 0 ? NULL : s;
}

/* A file without a name in the folder of `path`, or -1. */
static int open_nameless(const char *path)
{
	char *copy = strdup(path);
	int fd = -1;

	if (copy)
		fd = open(dirname(copy), O_TMPFILE | O_RDWR | O_CLOEXEC, FILE_MODE);
	free(copy);
	return fd;
}

static int open_named(const char *temp)
{
	/* What an earlier run left there; never written through, it may be a link. */
	if (unlink(temp) != 0 && errno != ENOENT)
		return -1;
	return open(temp, O_CREAT | O_EXCL | O_RDWR | O_NOFOLLOW | O_CLOEXEC, FILE_MODE);
}

static bool give_name(int fd, const char *path)
{
	char self[PROC_PATH_BYTES];

	if (linkat(fd, "", AT_FDCWD, path, AT_EMPTY_PATH) == 0)
		return true;
	if (errno == EEXIST)
		return false;
	snprintf(self, sizeof(self), "/proc/self/fd/%d", fd);
	return linkat(AT_FDCWD, self, AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0;
}

/*
 * Whether a nameless file can be given a name here: not every file system can, nor every process
 * that changed its user. Found out with a file of its own, because each can be named only once.
 */
static bool nameless_works(const char *path, const char *temp)
{
	int fd = open_nameless(path);
	bool works = fd >= 0 && (unlink(temp) == 0 || errno == ENOENT) && give_name(fd, temp) &&
		     unlink(temp) == 0;

	if (fd >= 0)
		close(fd);
	return works;
}

/* Takes over `temp`. */
static int open_either(struct whole *w, const char *path, char *temp)
{
	int fd;

	if (nameless_works(path, temp)) {
		free(temp);
		return open_nameless(path);
	}
	fd = open_named(temp);
	if (fd >= 0)
		w->temp = temp;
	else
		free(temp);
	return fd;
}

int whole_open(struct whole *w, const char *path, struct err *err)
{
	char *temp = join(path, TEMP_SUFFIX);
	int fd;

	*w = (struct whole){.path = strdup(path)};
	if (!temp || !w->path) {
		free(temp);
		free(w->path);
		return err_set(err, IO_SYSTEM, "no memory to write '%s'", path);
	}
	fd = open_either(w, path, temp);
	w->f = fd >= 0 ? fdopen(fd, "w+") : NULL;
	if (w->f)
		return 0;
	err_set(err, IO_SYSTEM, "cannot write '%s': %s", path, strerror(errno));
	if (fd >= 0)
		close(fd);
	whole_abandon(w);
	return -1;
}

/* 0, or an errno. */
static int publish(struct whole *w)
{
	if (!w->temp && give_name(fileno(w->f), w->path))
		return 0;
	if (!w->temp && errno != EEXIST)
		return errno;
	if (!w->temp) {
		w->temp = join(w->path, TEMP_SUFFIX);
		if (!w->temp)
			return ENOMEM;
		if (!give_name(fileno(w->f), w->temp))
			return errno;
	}
	return rename(w->temp, w->path) == 0 ? 0 : errno;
}

int whole_finish(struct whole *w, struct err *err)
{
	int error = 0;

	if (ferror(w->f) || fflush(w->f) != 0 || fsync(fileno(w->f)) != 0)
		error = errno ? errno : EIO;
	else
		error = publish(w);
	if (error == 0) {
		free(w->temp);
		w->temp = NULL;
	} else {
		err_set(err, IO_SYSTEM, "cannot write '%s': %s", w->path, strerror(error));
	}
	whole_abandon(w);
	return error == 0 ? 0 : -1;
}

void whole_abandon(struct whole *w)
{
	if (w->f)
		fclose(w->f);
	if (w->temp)
		unlink(w->temp);
	free(w->temp);
	free(w->path);
	*w = (struct whole){0};
}
