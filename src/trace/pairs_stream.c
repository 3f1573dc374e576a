/* SPDX-License-Identifier: BSD-2-Clause */
/* What both ends said, as far as each capture has it without a gap. */
#include "base/array.h"
#include "trace/pairs.h"
#include <string.h>

static struct pair_stream *find_stream(const struct pairs *p, uint32_t attempt, uint8_t capture,
				       bool back)
{
	for (uint32_t at = p->attempts[attempt].first_stream; at != TRACE_NONE;
	     at = p->streams[at].next) {
		struct pair_stream *s = &p->streams[at];

		if (s->capture == capture && s->back == back)
			return s;
	}
	return NULL;
}

const struct pair_stream *pairs_stream(const struct pairs *p, uint32_t attempt, uint8_t capture,
				       bool back)
{
	return find_stream(p, attempt, capture, back);
}

/* NULL beyond the limit: what was said in the first connections is enough. */
static struct pair_stream *add_stream(struct pairs *p, const struct pair_stream *key)
{
	struct attempt *a = &p->attempts[key->attempt];
	struct pair_stream *s;

	if (p->streams_n >= PAIRS_STREAMS_MAX)
		return NULL;
	if (!array_reserve(&p->streams, &p->streams_cap, p->streams_n + 1, sizeof(*s))) {
		p->failed = true;
		return NULL;
	}
	s = &p->streams[p->streams_n++];
	*s = (struct pair_stream){0};
	s->attempt = key->attempt;
	s->capture = key->capture;
	s->back = key->back;
	s->next = a->first_stream;
	a->first_stream = (uint32_t)(s - p->streams);
	return s;
}

void pairs_add_bytes(struct pairs *p, const struct pair_stream *key, uint32_t offset,
		     const uint8_t *bytes, size_t n)
{
	struct pair_stream *s;

	if (n == 0 || offset >= PAIRS_STREAM_BYTES)
		return;
	s = find_stream(p, key->attempt, key->capture, key->back);
	if (!s)
		s = add_stream(p, key);
	if (!s || offset > s->n || offset + n <= s->n)
		return;
	bytes += s->n - offset;
	n -= s->n - offset;
	if (n > (size_t)PAIRS_STREAM_BYTES - s->n)
		n = (size_t)PAIRS_STREAM_BYTES - s->n;
	memcpy(s->bytes + s->n, bytes, n);
	s->n = (uint16_t)(s->n + n);
}
