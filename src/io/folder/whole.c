/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/folder/whole.h"
#include "io/host/files.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MODE 0666
#define KEY_MODE  0600 /* the owner alone reads what stands for what */

static mode_t mode_of(const struct whole *w)
{
	return w->kind == MARKED_KEY ? KEY_MODE : FILE_MODE;
}

static int open_named(const struct whole *w)
{
	return openat(w->dir, w->temp, O_CREAT | O_EXCL | O_RDWR | O_NOFOLLOW | O_CLOEXEC,
		      mode_of(w));
}

/*
 * Whether a nameless file can be given a name here: not every file system can, nor every process
 * that changed its user. Found out with a file of its own, because each can be named only once.
 */
static bool nameless_works(const struct whole *w)
{
	int fd = files_nameless(w->dir, mode_of(w));
	bool works = fd >= 0 && files_give_name(w->dir, fd, w->temp) == 0 &&
		     unlinkat(w->dir, w->temp, 0) == 0;

	if (fd >= 0)
		close(fd);
	return works;
}

static bool is_there(const struct whole *w, const char *name)
{
	struct stat st;

	return fstatat(w->dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

int whole_check(const struct whole *w)
{
	int fd;

	if (is_there(w, w->name) && !(w->replace && marker_file(w->dir, w->name, w->kind)))
		return EEXIST;
	fd = open_named(w);
	if (fd < 0)
		return errno == EEXIST ? ENOTUNIQ : errno;
	close(fd);
	return unlinkat(w->dir, w->temp, 0) == 0 ? 0 : errno;
}

int whole_begin(struct whole *w)
{
	w->named = !nameless_works(w);
	w->fd = w->named ? open_named(w) : files_nameless(w->dir, mode_of(w));
	if (w->fd >= 0)
		return 0;
	w->named = false;
	return errno;
}

/* What had the name and now has the temporary one was ours, and goes; else all is as before. */
static int settle(const struct whole *w)
{
	if (marker_file(w->dir, w->temp, w->kind))
		return unlinkat(w->dir, w->temp, 0) == 0 ? 0 : errno;
	(void)files_rename_exchange(w->dir, w->temp, w->name);
	return EEXIST;
}

/* From the temporary name to the final one. 0, or an errno. */
static int take_name(const struct whole *w)
{
	if (files_rename_fresh(w->dir, w->temp, w->name) == 0)
		return 0;
	if (errno != EEXIST && errno != EINVAL)
		return errno;
	if (is_there(w, w->name)) {
		if (!w->replace)
			return EEXIST;
		if (files_rename_exchange(w->dir, w->temp, w->name) == 0)
			return settle(w);
		/* A file system that cannot exchange two names. */
		if (!marker_file(w->dir, w->name, w->kind))
			return EEXIST;
	}
	return renameat(w->dir, w->temp, w->dir, w->name) == 0 ? 0 : errno;
}

int whole_finish(struct whole *w)
{
	int error = 0;

	if (!w->named && !w->replace) {
		error = files_give_name(w->dir, w->fd, w->name);
	} else {
		if (!w->named)
			error = files_give_name(w->dir, w->fd, w->temp);
		w->named = error == 0;
		if (error == 0)
			error = take_name(w);
		w->named = w->named && error != 0;
	}
	whole_abandon(w);
	return error;
}

void whole_abandon(struct whole *w)
{
	if (w->fd >= 0)
		close(w->fd);
	if (w->named)
		unlinkat(w->dir, w->temp, 0);
	w->fd = -1;
	w->named = false;
}
