/* SPDX-License-Identifier: BSD-2-Clause */
/* A temporary file with all that is left of the stream. */
#include "io/capture/spool.h"
#include "io/capture/stream_file.h"

FILE *stream_file(struct stream *in, const char *name, struct err *err)
{
	FILE *f = spool_open(name, err);
	const uint8_t *bytes;
	int status = f ? 0 : -1;

	while (status == 0 && (bytes = stream_see(in, 1)) != NULL) {
		size_t n = stream_left(in);

		status = spool_add(f, name, bytes, n, err);
		stream_pass(in, n);
	}
	if (status == 0 && in->error) {
		stream_explain(in, name, err);
		status = -1;
	}
	if (status == 0)
		status = spool_finish(f, name, err);
	stream_close(in);
	if (status == 0)
		return f;
	if (f)
		fclose(f);
	return NULL;
}
