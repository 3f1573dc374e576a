/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of outputs, before the keeper has it. */
#include "io/folder/outputs.h"
#include "io/folder/outputs_impl.h"
#include "io/host/status.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define TEMP_SUFFIX    ".new"
#define PARTIAL_SUFFIX ".partial"
#define FILE_MODE      0666

struct outputs *outputs_new(bool replace, struct err *err)
{
	struct outputs *o = calloc(1, sizeof(*o));

	if (!o) {
		err_set(err, IO_SYSTEM, "no memory for the outputs");
		return NULL;
	}
	o->replace = replace;
	o->folder = (struct folder){.fd = -1, .place.dir = -1};
	o->spool_of = o->spool_fd = o->keeper = -1;
	return o;
}

int outputs_dir(const struct outputs *o, int number)
{
	const struct output *item = &o->items[number];

	return item->place.dir >= 0 ? item->place.dir : o->folder.fd;
}

/* Why the file cannot be made, as a sentence. */
static int refuse(const struct outputs *o, const struct output *item, int error, struct err *err)
{
	const char *path = item->place.path ? item->place.path : item->name;
	struct stat st;

	if (error == ENOTUNIQ)
		return err_set(err, IO_USAGE, "'%s" TEMP_SUFFIX "' is in the way", path);
	if (error != EEXIST)
		return err_set(err, IO_SYSTEM, "cannot write '%s': %s", path, strerror(error));
	if (fstatat(item->whole.dir, item->name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    !S_ISREG(st.st_mode))
		return err_set(err, IO_SYSTEM,
			       "cannot write '%s': it exists and is not a regular file", path);
	if (o->replace)
		return err_set(err, IO_USAGE,
			       "'%s' exists, and whoblocks did not write it: it is not replaced",
			       path);
	return err_set(err, IO_USAGE, "'%s' exists; --force replaces what whoblocks wrote", path);
}

/* Adds the item, which has its place or its name. Its number, or -1 and what it had is freed. */
static int add(struct outputs *o, struct output *item, enum marked kind, struct err *err)
{
	char *temp = NULL;
	int error = 0;

	if (!item->name && item->place.name)
		item->name = strdup(item->place.name);
	if (item->name && asprintf(&temp, "%s" TEMP_SUFFIX, item->name) < 0)
		temp = NULL;
	item->temp = temp;
	item->whole = (struct whole){
		.dir = item->place.dir >= 0 ? item->place.dir : o->folder.fd,
		.name = item->name,
		.temp = item->temp,
		.kind = kind,
		.replace = o->replace,
		.fd = -1,
	};
	if (!item->temp || o->n == OUTPUTS_MAX)
		err_set(err, IO_SYSTEM, "no room for another output");
	else
		error = whole_check(&item->whole);
	if (error != 0)
		refuse(o, item, error, err);
	if (item->temp && o->n < OUTPUTS_MAX && error == 0) {
		o->items[o->n] = *item;
		return o->n++;
	}
	place_close(&item->place);
	free(item->name);
	free(item->temp);
	return -1;
}

int outputs_file(struct outputs *o, const char *path, enum marked kind, struct err *err)
{
	struct output item = {0};

	return place_open(&item.place, path, err) != 0 ? -1 : add(o, &item, kind, err);
}

int outputs_folder(struct outputs *o, const char *path, struct err *err)
{
	if (folder_open(&o->folder, path, o->replace, err) != 0)
		return -1;
	o->has_folder = true;
	return 0;
}

int outputs_member(struct outputs *o, const char *name, struct err *err)
{
	struct output item = {.place.dir = -1, .name = strdup(name)};

	return add(o, &item, MARKED_RESULT, err);
}

int outputs_find(const struct outputs *o, const char *name)
{
	for (int i = 0; i < o->n; i++) {
		if (o->items[i].place.dir < 0 && strcmp(o->items[i].name, name) == 0)
			return i;
	}
	return -1;
}

const char *outputs_folder_path(const struct outputs *o)
{
	return o->folder.place.path;
}

int outputs_keep(struct outputs *o, const char *name, const char *as, struct err *err)
{
	return folder_keep(&o->folder, name, as, err);
}

int outputs_keep_rounds(struct outputs *o, const char *path, struct err *err)
{
	int status = 0;

	for (unsigned i = 1; status == 0; i++) {
		char *name = NULL;

		if (asprintf(&name, "%s/capture-%u.pcapng", path, i) < 0)
			return err_set(err, IO_SYSTEM, "no memory for the captures of '%s'", path);
		bool there = access(name, F_OK) == 0;
		const char *member = strrchr(name, '/') + 1;

		if (there)
			status = outputs_keep(o, member, member, err);
		free(name);
		if (!there)
			break;
	}
	return status;
}

/* An earlier run's spool, of which nobody is the writer any more: it may go. */
static bool take_away(const struct outputs *o, int dir, const char *name)
{
	int fd;
	bool gone;

	if (!o->replace || !marker_file(dir, name, MARKED_CAPTURE))
		return false;
	fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	gone = fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0 && unlinkat(dir, name, 0) == 0;
	if (fd >= 0)
		close(fd);
	return gone;
}

int outputs_spool(struct outputs *o, int number, struct err *err)
{
	const int flags = O_CREAT | O_EXCL | O_RDWR | O_APPEND | O_NOFOLLOW | O_CLOEXEC;
	const struct output *item = &o->items[number];
	int dir = outputs_dir(o, number), fd;

	if (asprintf(&o->spool, "%s" PARTIAL_SUFFIX, item->name) < 0) {
		o->spool = NULL;
		return err_set(err, IO_SYSTEM, "no memory for the capture");
	}
	fd = openat(dir, o->spool, flags, FILE_MODE);
	if (fd < 0 && errno == EEXIST && take_away(o, dir, o->spool))
		fd = openat(dir, o->spool, flags, FILE_MODE);
	if (fd >= 0) {
		(void)flock(fd, LOCK_EX | LOCK_NB);
		o->spool_of = number;
		return fd;
	}
	if (errno == EEXIST)
		return err_set(err, IO_USAGE,
			       "'%s" PARTIAL_SUFFIX "' is in the way: an earlier run left it, or "
			       "another one writes it%s",
			       item->place.path ? item->place.path : item->name,
			       o->replace ? "" : "; --force replaces what whoblocks wrote");
	return err_set(err, IO_SYSTEM, "cannot write '%s': %s",
		       item->place.path ? item->place.path : item->name, strerror(errno));
}
