/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_CAPTURE_SOURCE_H
#define IO_CAPTURE_SOURCE_H

/*
 * Where frames come from: the live capture of this host, or a capture file
 * (classic pcap, pcapng, standard input). Both are asked the same way.
 */

#include "base/err.h"
#include "wire/frame.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define SOURCE_SNAP_BYTES   2048
#define SOURCE_BUFFER_BYTES (8 * 1024 * 1024)

struct source;

enum source_event {
	SOURCE_FRAME,  /* *frame is filled */
	SOURCE_IDLE,   /* live: nothing now; poll source_fd() */
	SOURCE_END,    /* file: no more frames */
	SOURCE_CUT,    /* file: it ends inside a record; all frames before were handed out */
	SOURCE_FAILED, /* *err says why; the source gives no more frames */
};

struct source_live_options {
	const char *interface; /* NULL: "any", every interface in one stream */
	const char *filter;    /* pcap-filter(7) text for the kernel; NULL: everything */
	int buffer_bytes;      /* kernel buffer; 0: SOURCE_BUFFER_BYTES */
};

/* Packets since the source was opened. Files report what their statistics blocks say. */
struct source_counts {
	uint64_t received; /* let through by the filter */
	uint64_t dropped;  /* lost for want of room, by the kernel or an interface */
};

enum source_facts {
	SOURCE_FACTS_NONE,
	SOURCE_FACTS_WHOLE,
	SOURCE_FACTS_BROKEN, /* parts are missing or contradict each other: not to be used */
};

/*
 * Opens the live capture: immediate mode, non-blocking, snap length SOURCE_SNAP_BYTES, nanoseconds
 * where the kernel has them, SLL2 on "any". NULL with *err (IO_PERMISSION, IO_USAGE for an
 * interface that is not there, IO_SYSTEM). Frames carry number 0: whoever keeps them numbers them.
 * They carry file 1.
 */
struct source *source_open_live(const struct source_live_options *options, struct err *err);

/*
 * Opens a capture file, "-" for standard input; `file` is its number in the order given, from 1.
 * Frames carry their number in the file, from 1. NULL with *err (IO_INPUT, IO_SYSTEM).
 */
struct source *source_open_file(const char *path, uint32_t file, struct err *err);

/* The same from a stream at its first byte; `f` stays the caller's and open. */
struct source *source_open_stream(FILE *f, const char *name, uint32_t file, struct err *err);

void source_close(struct source *s);

/*
 * The next frame. Its bytes stay valid until the next call. After anything but SOURCE_FRAME and
 * SOURCE_IDLE the same event comes again. *err is filled on SOURCE_FAILED, and on SOURCE_CUT with
 * a sentence that says where the file ends.
 */
enum source_event source_next(struct source *s, struct frame *frame, struct err *err);

/* Between two records of a file. */
struct source_place {
	uint64_t at;	 /* byte of the file */
	uint32_t number; /* of the frame before */
	uint32_t known;
	int64_t shape; /* equal at two places: between them are frames and nothing else */
};

/* The place before the next record. False when the source can only be read in order. */
bool source_place(const struct source *s, struct source_place *out);

/* Goes on at a later place of equal shape of a regular file; false, and it fails, when that fails.
 */
bool source_move(struct source *s, const struct source_place *to);

/* Readable when frames wait; -1 for files. Valid as long as the source. */
int source_fd(const struct source *s);

/* Samples the counters; false when the system does not tell. */
bool source_counts(struct source *s, struct source_counts *out);

/*
 * The facts that whoblocks wrote into the file: one JSON text in *json, valid as long as the
 * source, when the answer is SOURCE_FACTS_WHOLE; NULL otherwise. Known as soon as the file is open.
 */
enum source_facts source_facts(const struct source *s, const char **json);

/* The comment of the frame handed out last, or NULL; untrusted text, valid as its bytes are. */
const char *source_comment(const struct source *s);

#endif
