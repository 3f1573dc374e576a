/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/capture/stream.h"
#include "io/host/status.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define PIECE_BYTES ((size_t)256 * 1024)

struct stream stream_of(FILE *f, bool owned)
{
	return (struct stream){.f = f, .owned = owned};
}

void stream_close(struct stream *s)
{
	if (s->f && s->owned)
		fclose(s->f);
	free(s->buf);
	*s = (struct stream){0};
}

size_t stream_left(const struct stream *s)
{
	return s->to - s->from;
}

/* Makes room behind the bytes that are still to be passed. */
static bool make_room(struct stream *s, size_t n)
{
	size_t left = stream_left(s);
	size_t need = n + PIECE_BYTES;
	uint8_t *more;

	if (s->buf && left > 0 && s->from > 0)
		memmove(s->buf, s->buf + s->from, left);
	s->from = 0;
	s->to = left;
	if (n <= s->cap)
		return true;
	more = realloc(s->buf, need);
	if (!more) {
		s->error = ENOMEM;
		return false;
	}
	s->buf = more;
	s->cap = need;
	return true;
}

const uint8_t *stream_see(struct stream *s, size_t n)
{
	size_t got;

	if (s->buf && stream_left(s) >= n)
		return s->buf + s->from;
	if (s->error || !make_room(s, n))
		return NULL;
	got = fread(s->buf + s->to, 1, s->cap - s->to, s->f);
	s->to += got;
	if (ferror(s->f))
		s->error = errno ? errno : EIO;
	return stream_left(s) >= n && !s->error ? s->buf + s->from : NULL;
}

void stream_pass(struct stream *s, size_t n)
{
	s->from += n;
	s->at += n;
}

bool stream_move(struct stream *s, uint64_t at)
{
	if (at > INT64_MAX || fseeko(s->f, (off_t)at, SEEK_SET) != 0) {
		s->error = errno ? errno : EINVAL;
		return false;
	}
	s->from = s->to = 0;
	s->at = at;
	return true;
}

void stream_explain(const struct stream *s, const char *name, struct err *err)
{
	if (s->error == ENOMEM)
		err_set(err, IO_SYSTEM, "no memory to read '%s'", name);
	else
		err_set(err, IO_INPUT, "cannot read '%s': %s", name, strerror(s->error));
}
