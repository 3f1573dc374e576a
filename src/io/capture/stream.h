/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_CAPTURE_STREAM_H
#define IO_CAPTURE_STREAM_H

/*
 * A file or pipe read in large pieces, of which the reader sees as many bytes as
 * it asks for, without a copy. What was seen and not passed comes again.
 */

#include "base/err.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct stream {
	FILE *f;
	bool owned; /* f is closed with the stream */
	uint8_t *buf;
	size_t cap, from, to; /* of the bytes in buf that are still to be passed */
	uint64_t at;	      /* bytes passed so far */
	int error;	      /* errno of the failure to read or to get memory; 0: none */
};

/* Reads from where `f` stands. */
struct stream stream_of(FILE *f, bool owned);
void stream_close(struct stream *s);

/*
 * The next n bytes, which stay valid until the next call; NULL when there are not so many, or
 * with s->error.
 */
const uint8_t *stream_see(struct stream *s, size_t n);

/* How many bytes there are, at most n; more than stream_left() only after reading. */
size_t stream_left(const struct stream *s);

/* Passes n bytes that were seen. */
void stream_pass(struct stream *s, size_t n);

/* Goes on at byte `at` of a regular file. False with s->error. */
bool stream_move(struct stream *s, uint64_t at);

/* What s->error means for the file of that name. */
void stream_explain(const struct stream *s, const char *name, struct err *err);

#endif
