/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/folder/folder.h"
#include "base/text.h"
#include "io/capture/whole.h"
#include "io/folder/folder_names.h"
#include "io/folder/folder_sums.h"
#include "io/host/status.h"
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define PARTIAL_SUFFIX ".partial"
#define ASIDE_SUFFIX   ".old"
#define FOLDER_MODE    0777
#define COPY_BYTES     65536

static char *join(const char *a, const char *b, const char *c)
{
	char *s = NULL;

	return asprintf(&s, "%s%s%s", a, b, c) < 0 ? NULL : s;
}

/* The path without slashes at its end; NULL when that is no name for a new folder. */
static char *plain_path(const char *path)
{
	size_t len = strlen(path);
	const char *last;
	char *plain;

	while (len > 1 && path[len - 1] == '/')
		len--;
	plain = strndup(path, len);
	if (!plain)
		return NULL;
	last = strrchr(plain, '/');
	last = last ? last + 1 : plain;
	if (*last != '\0' && strcmp(last, ".") != 0 && strcmp(last, "..") != 0)
		return plain;
	free(plain);
	return NULL;
}

int folder_check(const char *path, bool replace, struct err *err)
{
	char *plain = plain_path(path);
	char name[256];
	struct stat st;
	int status = 0;

	if (!plain)
		return err_set(err, IO_USAGE, "'%s' cannot become an evidence folder", path);
	if (lstat(plain, &st) != 0)
		status = 0; /* whether it can be created is found out by creating it */
	else if (!S_ISDIR(st.st_mode))
		status = err_set(err, IO_USAGE, "'%s' exists and is not a folder", path);
	else if (!replace)
		status = err_set(err, IO_USAGE, "'%s' exists; --force replaces an evidence folder",
				 path);
	else if (folder_stranger(plain, name, sizeof(name)))
		status = err_set(err, IO_USAGE,
				 "'%s' holds '%s', which is not of an evidence folder; "
				 "it is not replaced",
				 path, name);
	free(plain);
	return status;
}

/* Makes the folder and locks it; one that nobody works on is emptied first. 0, or an errno. */
static int make_partial(struct folder *f)
{
	if (mkdir(f->partial, FOLDER_MODE) != 0 && errno != EEXIST)
		return errno;
	f->fd = open(f->partial, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (f->fd < 0)
		return errno;
	if (flock(f->fd, LOCK_EX | LOCK_NB) != 0)
		return errno;
	if (!folder_remove(f->partial) || mkdir(f->partial, FOLDER_MODE) != 0)
		return errno;
	close(f->fd);
	f->fd = open(f->partial, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (f->fd < 0 || flock(f->fd, LOCK_EX | LOCK_NB) != 0)
		return errno;
	return 0;
}

int folder_open(struct folder *f, const char *path, bool replace, struct err *err)
{
	int error;

	*f = (struct folder){.fd = -1, .replace = replace};
	if (folder_check(path, replace, err) != 0)
		return -1;
	f->path = plain_path(path);
	f->partial = f->path ? join(f->path, PARTIAL_SUFFIX, "") : NULL;
	error = f->partial ? make_partial(f) : ENOMEM;
	if (error == 0)
		return 0;
	if (error == EWOULDBLOCK)
		err_set(err, IO_SYSTEM, "another run is writing '%s'", path);
	else if (error == ENOTEMPTY || error == EEXIST)
		err_set(err, IO_SYSTEM,
			"'%s" PARTIAL_SUFFIX "' is in the way: it holds what whoblocks did not "
			"write",
			path);
	else
		err_set(err, IO_SYSTEM, "cannot create '%s': %s", path, strerror(error));
	folder_close(f, true);
	return -1;
}

char *folder_file(const struct folder *f, const char *name)
{
	return join(f->partial, "/", name);
}

int folder_write(const struct folder *f, const char *name, const char *bytes, size_t n,
		 struct err *err)
{
	char *path = folder_file(f, name);
	struct whole file;
	int status = -1;

	if (!path)
		return err_set(err, IO_SYSTEM, "no memory to write '%s'", name);
	if (whole_open(&file, path, err) == 0) {
		errno = 0;
		/* What did not fit is found out, with its errno, when the file is finished. */
		fwrite(bytes, 1, n, file.f);
		status = whole_finish(&file, err);
	}
	free(path);
	return status;
}

/* Whether all of `from` could be read; what could not be written is found out later. */
static bool copy_bytes(FILE *from, FILE *to)
{
	char buf[COPY_BYTES];
	size_t n;

	while ((n = fread(buf, 1, sizeof(buf), from)) > 0)
		fwrite(buf, 1, n, to);
	return !ferror(from);
}

int folder_copy(const struct folder *f, const char *from, const char *name, struct err *err)
{
	FILE *source = fopen(from, "re");
	char *path = folder_file(f, name);
	struct whole file;
	int status = -1;

	if (!source || !path) {
		err_set(err, source ? IO_SYSTEM : IO_INPUT, "cannot read '%s': %s", from,
			strerror(errno));
	} else if (whole_open(&file, path, err) == 0) {
		if (copy_bytes(source, file.f)) {
			status = whole_finish(&file, err);
		} else {
			err_set(err, IO_INPUT, "cannot read '%s': %s", from, strerror(errno));
			whole_abandon(&file);
		}
	}
	if (source)
		fclose(source);
	free(path);
	return status;
}

int folder_keep(const struct folder *f, const char *name, const char *as, struct err *err)
{
	char *from = join(f->path, "/", name), *to = folder_file(f, as);
	int status = 0;

	if (!from || !to)
		status = err_set(err, IO_SYSTEM, "no memory to keep '%s'", name);
	else if (link(from, to) != 0)
		status = err_set(err, IO_SYSTEM, "cannot keep '%s' as '%s': %s", from, to,
				 strerror(errno));
	free(from);
	free(to);
	return status;
}

/* What the disk knows of a folder's names survives a power cut only after this. */
static void sync_folder(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return;
	(void)fsync(fd);
	close(fd);
}

/* For file systems that cannot exchange two names. */
static int rename_aside(const struct folder *f)
{
	char *aside = join(f->path, ASIDE_SUFFIX, "");
	int error = 0;

	if (!aside)
		return ENOMEM;
	if (rename(f->path, aside) != 0) {
		error = errno;
	} else if (rename(f->partial, f->path) != 0) {
		error = errno;
		(void)rename(aside, f->path);
	} else {
		(void)folder_remove(aside);
	}
	free(aside);
	return error;
}

/* 0, or an errno. */
static int take_name(const struct folder *f)
{
	if (renameat2(AT_FDCWD, f->partial, AT_FDCWD, f->path, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno == EINVAL && access(f->path, F_OK) != 0)
		return rename(f->partial, f->path) == 0 ? 0 : errno;
	if (errno != EEXIST && errno != EINVAL)
		return errno;
	if (!f->replace)
		return EEXIST;
	if (renameat2(AT_FDCWD, f->partial, AT_FDCWD, f->path, RENAME_EXCHANGE) != 0)
		return errno == EINVAL || errno == ENOSYS ? rename_aside(f) : errno;
	(void)folder_remove(f->partial);
	return 0;
}

int folder_publish(struct folder *f, struct err *err)
{
	struct text sums = {0};
	int error, status = folder_sums(f->partial, &sums, err);

	if (status == 0)
		status = folder_write(f, FOLDER_SUMS, text_str(&sums), sums.len, err);
	text_free(&sums);
	if (status != 0)
		return -1;
	sync_folder(f->partial);
	error = take_name(f);
	if (error != 0)
		return err_set(err, IO_SYSTEM, "cannot give '%s' its name: %s", f->path,
			       strerror(error));
	sync_folder(dirname(f->partial));
	folder_close(f, true);
	return 0;
}

bool folder_is_empty(const struct folder *f)
{
	size_t n;
	char **names = f->partial ? folder_list(f->partial, &n) : NULL;
	char *spool = f->partial ? join(f->partial, "/", FOLDER_CAPTURE PARTIAL_SUFFIX) : NULL;
	bool empty = names && n == 0 && spool && access(spool, F_OK) != 0;

	if (names)
		folder_list_free(names, n);
	free(spool);
	return empty;
}

void folder_close(struct folder *f, bool keep)
{
	if (!keep && f->partial)
		(void)folder_remove(f->partial);
	if (f->fd >= 0)
		close(f->fd);
	free(f->path);
	free(f->partial);
	*f = (struct folder){.fd = -1};
}
