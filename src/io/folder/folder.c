/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/folder/folder.h"
#include "base/text.h"
#include "io/folder/folder_names.h"
#include "io/folder/folder_sums.h"
#include "io/folder/marker.h"
#include "io/folder/whole.h"
#include "io/host/files.h"
#include "io/host/status.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define PARTIAL_SUFFIX ".partial"
#define ASIDE_SUFFIX   ".old"
#define SUMS_TEMP      FOLDER_SUMS ".new"
#define FOLDER_MODE    0777

/* A folder by its name alone, never by a link; -1 with errno. */
static int open_named(int dir, const char *name)
{
	return openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* What stands in the way of the folder's name, if anything does. */
static int check_name(const struct place *p, bool replace, struct err *err)
{
	char stranger[256];
	struct stat st;
	int fd, status = 0;

	if (fstatat(p->dir, p->name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return 0; /* whether it can be created is found out by creating it */
	if (!S_ISDIR(st.st_mode))
		return err_set(err, IO_USAGE, "'%s' exists and is not a folder", p->path);
	if (!replace)
		return err_set(err, IO_USAGE, "'%s' exists; --force replaces an evidence folder",
			       p->path);
	fd = open_named(p->dir, p->name);
	if (fd < 0)
		return err_set(err, IO_USAGE, "cannot look into '%s': %s; it is not replaced",
			       p->path, strerror(errno));
	if (folder_stranger(fd, stranger, sizeof(stranger)))
		status = err_set(err, IO_USAGE,
				 "'%s' holds '%s', which is not of an evidence folder; "
				 "it is not replaced",
				 p->path, stranger);
	else if (!marker_folder(fd))
		status = err_set(err, IO_USAGE,
				 "'%s' is no evidence folder that whoblocks wrote; it is not "
				 "replaced",
				 p->path);
	close(fd);
	return status;
}

/* What an earlier run left half made may be all there is of its measurement. */
static int check_partial(const struct folder *f, struct err *err)
{
	const char *path = f->place.path;
	int fd = open_named(f->place.dir, f->partial);
	int status = 0;

	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0)
		return err_set(err, IO_USAGE, "'%s" PARTIAL_SUFFIX "' is in the way: %s", path,
			       strerror(errno));
	if (flock(fd, LOCK_EX | LOCK_NB) != 0)
		status = err_set(err, IO_SYSTEM, "another run is writing '%s'", path);
	else if (!f->replace)
		status = err_set(err, IO_USAGE,
				 "'%s" PARTIAL_SUFFIX "' is in the way: an earlier run left it; "
				 "--force replaces it",
				 path);
	else if (!marker_folder(fd))
		status = err_set(err, IO_USAGE,
				 "'%s" PARTIAL_SUFFIX "' is in the way: it holds what whoblocks "
				 "did not write",
				 path);
	close(fd);
	return status;
}

static int check(struct folder *f, const char *path, bool replace, struct err *err)
{
	*f = (struct folder){.fd = -1, .replace = replace};
	if (place_open(&f->place, path, err) != 0)
		return -1;
	f->partial = place_beside(&f->place, PARTIAL_SUFFIX);
	if (!f->partial)
		return err_set(err, IO_SYSTEM, "no memory to write '%s'", path);
	return check_name(&f->place, replace, err) != 0 ? -1 : check_partial(f, err);
}

int folder_check(const char *path, bool replace, struct err *err)
{
	struct folder f;
	int status = check(&f, path, replace, err);

	folder_close(&f);
	return status;
}

/* Makes the folder and locks it; what may go of an earlier one goes. 0, or an errno. */
static int make_partial(struct folder *f)
{
	struct stat st;

	if (f->replace)
		(void)folder_remove(f->place.dir, f->partial);
	if (mkdirat(f->place.dir, f->partial, FOLDER_MODE) != 0)
		return errno;
	f->fd = open_named(f->place.dir, f->partial);
	if (f->fd < 0 || fstat(f->fd, &st) != 0 || flock(f->fd, LOCK_EX | LOCK_NB) != 0)
		return errno;
	/* Somebody else's cannot be the one that was just made. */
	return st.st_uid == geteuid() ? 0 : EPERM;
}

int folder_open(struct folder *f, const char *path, bool replace, struct err *err)
{
	int status = check(f, path, replace, err);
	int error = status == 0 ? make_partial(f) : 0;

	if (error != 0)
		status = err_set(err, IO_SYSTEM, "cannot create '%s': %s", path, strerror(error));
	if (status != 0)
		folder_close(f);
	return status;
}

int folder_keep(const struct folder *f, const char *name, const char *as, struct err *err)
{
	int old = open_named(f->place.dir, f->place.name);
	int status = 0;

	if (old < 0 || linkat(old, name, f->fd, as, 0) != 0)
		status = err_set(err, IO_SYSTEM, "cannot keep '%s/%s' as '%s': %s", f->place.path,
				 name, as, strerror(errno));
	if (old >= 0)
		close(old);
	return status;
}

/* Whether the folder of this name is ours still, so that it may go. */
static bool may_go(const struct folder *f, const char *name)
{
	int fd = open_named(f->place.dir, name);
	bool ours = fd >= 0 && marker_folder(fd);

	if (fd >= 0)
		close(fd);
	return ours;
}

/* For file systems that cannot exchange two names. 0, or an errno. */
static int rename_aside(const struct folder *f)
{
	int dir = f->place.dir, error = 0;
	char *aside = place_beside(&f->place, ASIDE_SUFFIX);

	if (!aside)
		return ENOMEM;
	if (!may_go(f, f->place.name)) {
		error = EEXIST;
	} else if (renameat(dir, f->place.name, dir, aside) != 0) {
		error = errno;
	} else if (renameat(dir, f->partial, dir, f->place.name) != 0) {
		error = errno;
		(void)renameat(dir, aside, dir, f->place.name);
	} else {
		(void)folder_remove(dir, aside);
	}
	free(aside);
	return error;
}

/* The old folder has the partial name: it goes, unless it is no longer what it was. */
static int settle(const struct folder *f)
{
	int dir = f->place.dir;

	if (may_go(f, f->partial)) {
		(void)folder_remove(dir, f->partial);
		return 0;
	}
	(void)files_rename_exchange(dir, f->partial, f->place.name);
	return EEXIST;
}

/* 0, or an errno. */
static int take_name(const struct folder *f)
{
	int dir = f->place.dir;

	if (files_rename_fresh(dir, f->partial, f->place.name) == 0)
		return 0;
	if (errno == EINVAL && faccessat(dir, f->place.name, F_OK, AT_SYMLINK_NOFOLLOW) != 0)
		return renameat(dir, f->partial, dir, f->place.name) == 0 ? 0 : errno;
	if (errno != EEXIST && errno != EINVAL)
		return errno;
	if (!f->replace)
		return EEXIST;
	if (files_rename_exchange(dir, f->partial, f->place.name) != 0)
		return errno == EINVAL || errno == ENOSYS ? rename_aside(f) : errno;
	return settle(f);
}

/* All of the text on the disk, under its name. 0, or an errno. */
static int write_sums(const struct folder *f, const struct text *sums)
{
	struct whole w = {.dir = f->fd, .name = FOLDER_SUMS, .temp = SUMS_TEMP, .fd = -1};
	size_t done = 0;
	int error = whole_begin(&w);

	while (error == 0 && done < sums->len) {
		ssize_t n = write(w.fd, sums->s + done, sums->len - done);

		if (n < 0 && errno != EINTR)
			error = errno;
		done += n > 0 ? (size_t)n : 0;
	}
	if (error == 0 && fsync(w.fd) != 0)
		error = errno;
	if (error == 0)
		return whole_finish(&w);
	whole_abandon(&w);
	return error;
}

int folder_publish(struct folder *f, struct err *err)
{
	struct text sums = {0};
	int error, status = folder_sums(f->fd, &sums, err);

	error = status == 0 ? write_sums(f, &sums) : 0;
	text_free(&sums);
	if (status != 0)
		return -1;
	if (error != 0)
		return err_set(err, IO_SYSTEM,
			       "cannot write '%s" PARTIAL_SUFFIX "/" FOLDER_SUMS "': %s",
			       f->place.path, strerror(error));
	place_sync(f->fd);
	error = take_name(f);
	if (error != 0)
		return err_set(err, IO_SYSTEM, "cannot give '%s' its name: %s", f->place.path,
			       strerror(error));
	place_sync(f->place.dir);
	return 0;
}

void folder_discard(struct folder *f)
{
	if (f->partial && f->fd >= 0)
		(void)folder_remove(f->place.dir, f->partial);
}

void folder_close(struct folder *f)
{
	if (f->fd >= 0)
		close(f->fd);
	place_close(&f->place);
	free(f->partial);
	*f = (struct folder){.fd = -1, .place.dir = -1};
}
