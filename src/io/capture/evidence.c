/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/capture/evidence.h"
#include "io/capture/evidence_impl.h"
#include "io/capture/pcapng_writer.h"
#include "io/capture/source.h"
#include "io/host/files.h"
#include "io/host/status.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int open_nameless(void)
{
	const char *folder = files_environment("TMPDIR");
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
	err_set(err, IO_SYSTEM, "cannot write '%s': %s", e->name,
		e->block.failed ? "no memory" : strerror(errno));
	e->failed = true;
	if (ftruncate(e->fd, e->len) != 0)
		return -1; /* the reader copes with a cut file */
	return -1;
}

struct evidence *evidence_open(int fd, const char *name, struct err *err)
{
	const struct evidence_end mark = {.application = "whoblocks " WHOBLOCKS_VERSION};
	struct evidence *e = calloc(1, sizeof(*e));

	if (fd < 0)
		fd = open_nameless();
	if (fd < 0 || !e) {
		err_set(err, IO_SYSTEM, "cannot write a temporary capture: %s", strerror(errno));
		if (fd >= 0)
			close(fd);
		free(e);
		return NULL;
	}
	e->fd = fd;
	e->name = name ? name : "the temporary capture";
	pcapng_put_section(&e->block, &mark);
	pcapng_put_interface(&e->block);
	if (append(e, err) == 0)
		return e;
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

bool evidence_is_at_stake(const struct evidence *e)
{
	return e->failed && e->count > 0;
}

void evidence_close(struct evidence *e)
{
	if (!e)
		return;
	close(e->fd);
	text_free(&e->block);
	free(e);
}
