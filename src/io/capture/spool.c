/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/capture/spool.h"
#include "io/host/files.h"
#include "io/host/status.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PIECE_BYTES 65536

FILE *spool_open(const char *name, struct err *err)
{
	const char *const folders[] = {files_environment("TMPDIR"), "/tmp", "/var/tmp"};
	int fd = -1;
	FILE *f;

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]) && fd < 0; i++) {
		if (folders[i] && *folders[i])
			fd = files_temporary(folders[i]);
	}
	f = fd < 0 ? NULL : fdopen(fd, "w+");
	if (f)
		return f;
	err_set(err, IO_SYSTEM, "cannot make a temporary file for '%s': %s", name, strerror(errno));
	if (fd >= 0)
		close(fd);
	return NULL;
}

static int fail(const char *name, struct err *err)
{
	return err_set(err, IO_SYSTEM, "cannot keep a copy of '%s' to read it twice: %s", name,
		       strerror(errno));
}

int spool_add(FILE *spool, const char *name, const void *bytes, size_t n, struct err *err)
{
	return fwrite(bytes, 1, n, spool) == n ? 0 : fail(name, err);
}

int spool_finish(FILE *spool, const char *name, struct err *err)
{
	if (fflush(spool) != 0)
		return fail(name, err);
	rewind(spool);
	return 0;
}

/* Copies the rest of `from`. 0 or -1 with *err. */
static int fill(FILE *spool, FILE *from, const char *name, const struct captures_watch *watch,
		struct err *err)
{
	char buf[PIECE_BYTES];
	uint64_t all = 0;
	size_t got;

	while ((got = fread(buf, 1, sizeof(buf), from)) > 0) {
		if (spool_add(spool, name, buf, got, err) != 0)
			return -1;
		all += got;
		if (watch)
			watch->copied(watch->who, name, all);
	}
	if (ferror(from))
		return err_set(err, IO_INPUT, "cannot read '%s': %s", name, strerror(errno));
	return spool_finish(spool, name, err);
}

FILE *spool_copy(FILE *from, const char *name, const struct captures_watch *watch, struct err *err)
{
	FILE *spool = spool_open(name, err);

	if (spool && fill(spool, from, name, watch, err) != 0) {
		fclose(spool);
		return NULL;
	}
	return spool;
}
