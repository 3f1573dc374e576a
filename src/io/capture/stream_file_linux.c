/* SPDX-License-Identifier: BSD-2-Clause */
/* A file whose bytes come from the stream as they are read. */
#include "io/capture/stream_file.h"
#include "io/host/status.h"
#include <stdlib.h>
#include <string.h>

static ssize_t read_stream(void *cookie, char *to, size_t room)
{
	struct stream *in = cookie;
	const uint8_t *bytes = stream_see(in, 1);
	size_t n = stream_left(in) < room ? stream_left(in) : room;

	if (!bytes)
		return in->error ? -1 : 0;
	memcpy(to, bytes, n);
	stream_pass(in, n);
	return (ssize_t)n;
}

static int close_stream(void *cookie)
{
	stream_close(cookie);
	free(cookie);
	return 0;
}

FILE *stream_file(struct stream *in, const char *name, struct err *err)
{
	static const cookie_io_functions_t functions = {.read = read_stream, .close = close_stream};
	struct stream *moved = malloc(sizeof(*moved));
	FILE *f = NULL;

	if (moved) {
		*moved = *in;
		*in = (struct stream){0};
		f = fopencookie(moved, "r", functions);
		if (!f)
			close_stream(moved);
	}
	stream_close(in);
	if (!f)
		err_set(err, IO_SYSTEM, "no memory to read '%s'", name);
	return f;
}
