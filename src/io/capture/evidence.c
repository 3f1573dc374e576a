/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/capture/evidence.h"
#include "io/capture/evidence_impl.h"
#include "io/capture/pcapng_writer.h"
#include "io/capture/source.h"
#include "io/host/status.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PARTIAL_SUFFIX ".partial"
#define FILE_MODE      0666

static char *partial_name(const char *path)
{
	char *s = NULL;

	return asprintf(&s, "%s" PARTIAL_SUFFIX, path) < 0 ? NULL : s;
}

/* Creates the spool anew; what an earlier run left is not written through, it may be a link. */
static int create(const char *partial)
{
	if (unlink(partial) != 0 && errno != ENOENT)
		return -1;
	return open(partial, O_CREAT | O_EXCL | O_RDWR | O_APPEND | O_NOFOLLOW | O_CLOEXEC,
		    FILE_MODE);
}

static int check_target(const char *path, struct err *err)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return errno == ENOENT ? 0
				       : err_set(err, IO_SYSTEM, "cannot write '%s': %s", path,
						 strerror(errno));
	if (S_ISREG(st.st_mode))
		return 0;
	return err_set(err, IO_SYSTEM, "cannot write '%s': it exists and is not a regular file",
		       path);
}

int evidence_check_writable(const char *path, struct err *err)
{
	char *partial;
	int fd;

	if (check_target(path, err) != 0)
		return -1;
	partial = partial_name(path);
	if (!partial)
		return err_set(err, IO_SYSTEM, "no memory to write '%s'", path);
	fd = create(partial);
	if (fd >= 0) {
		unlink(partial);
		close(fd);
	} else {
		err_set(err, IO_SYSTEM, "cannot write '%s': %s", path, strerror(errno));
	}
	free(partial);
	return fd >= 0 ? 0 : -1;
}

static int open_nameless(void)
{
	const char *folder = secure_getenv("TMPDIR");
	char *name = NULL;
	int fd;

	if (!folder || *folder == '\0')
		folder = "/tmp";
	if (asprintf(&name, "%s/whoblocks-XXXXXX", folder) < 0)
		return -1;
	fd = mkostemp(name, O_CLOEXEC | O_APPEND);
	if (fd >= 0)
		unlink(name);
	free(name);
	return fd;
}

/* Writes the block that was built; after an error the spool ends behind its last whole block. */
static int append(struct evidence *e, struct err *err)
{
	const char *what = e->partial ? e->partial : "the temporary capture";
	size_t done = 0;

	while (!e->block.failed && done < e->block.len) {
		ssize_t n = write(e->fd, e->block.s + done, e->block.len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			break;
		done += (size_t)n;
	}
	if (!e->block.failed && done == e->block.len) {
		e->len += (int64_t)done;
		return 0;
	}
	err_set(err, IO_SYSTEM, "cannot write %s: %s", what,
		e->block.failed ? "no memory" : strerror(errno));
	e->failed = true;
	if (ftruncate(e->fd, e->len) != 0)
		return -1; /* the reader copes with a cut file */
	return -1;
}

struct evidence *evidence_open(const char *path, struct err *err)
{
	struct evidence *e = calloc(1, sizeof(*e));

	if (path && check_target(path, err) != 0) {
		free(e);
		return NULL;
	}
	if (e && path)
		e->partial = partial_name(path);
	if (!e || (path && !e->partial)) {
		free(e);
		err_set(err, IO_SYSTEM, "no memory for the capture");
		return NULL;
	}
	e->fd = path ? create(e->partial) : open_nameless();
	if (e->fd < 0) {
		err_set(err, IO_SYSTEM, "cannot write '%s': %s",
			path ? path : "a temporary capture", strerror(errno));
		free(e->partial);
		free(e);
		return NULL;
	}
	pcapng_put_section(&e->block, NULL);
	pcapng_put_interface(&e->block);
	if (append(e, err) == 0)
		return e;
	e->failed = false; /* there are no frames to save */
	evidence_close(e);
	return NULL;
}

int evidence_add(struct evidence *e, const struct frame *frame, struct err *err)
{
	if (e->failed)
		return err_set(err, IO_SYSTEM, "the capture could not be written completely");
	if (frame->link != LINK_SLL2 || frame->captured_len > SOURCE_SNAP_BYTES)
		return err_set(err, IO_SYSTEM, "a frame of another kind than the capture's");
	e->block.len = 0;
	pcapng_put_frame(&e->block, frame, NULL);
	if (append(e, err) != 0)
		return -1;
	e->count++;
	return 0;
}

uint32_t evidence_count(const struct evidence *e)
{
	return e->count;
}

void evidence_close(struct evidence *e)
{
	if (!e)
		return;
	if (e->partial && !(e->failed && e->count))
		unlink(e->partial);
	close(e->fd);
	free(e->partial);
	text_free(&e->block);
	free(e);
}
