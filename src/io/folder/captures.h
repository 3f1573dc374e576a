/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_FOLDER_CAPTURES_H
#define IO_FOLDER_CAPTURES_H

/*
 * Several capture files as one measurement: their frames in the order of time,
 * to be read as often as needed. What cannot be read twice (standard input, a
 * pipe) is copied to a temporary file that has no name, and what is compressed is
 * unpacked to one.
 */

#include "io/capture/source.h"
#include "io/capture/spool.h"
#include <stdio.h>

#define CAPTURES_MAX 64

struct captures;

/*
 * Opens the files, "-" for standard input, a folder of evidence for the capture in it. `watch` may
 * be NULL. NULL with *err (IO_INPUT, IO_SYSTEM, or IO_USAGE for more than CAPTURES_MAX).
 */
struct captures *captures_open(const char *const *paths, size_t n,
			       const struct captures_watch *watch, struct err *err);

/* The same for one stream, which can be rewound and stays the caller's. */
struct captures *captures_of_stream(FILE *f, const char *name, struct err *err);

void captures_close(struct captures *c);

/*
 * The next frame: SOURCE_FRAME, SOURCE_END, or SOURCE_FAILED with *err. Its bytes stay valid until
 * the next call. A file that ends inside a record ends there: see captures_cut().
 */
enum source_event captures_next(struct captures *c, struct frame *frame, struct err *err);

/* Starts again from the first frame. 0, or -1 with *err. */
int captures_rewind(struct captures *c, struct err *err);

/* How much of the files' bytes was read since the last start, 0 to 1. */
double captures_progress(const struct captures *c);

size_t captures_count(const struct captures *c);

/* What messages call file i (from 0). */
const char *captures_name(const struct captures *c, size_t i);

/* Where file i (from 0) was cut short, as a sentence; NULL: it was whole, as far as it was read. */
const char *captures_cut(const struct captures *c, size_t i);

/* The source of file i, for its facts and counters. */
struct source *captures_source(struct captures *c, size_t i);

#endif
