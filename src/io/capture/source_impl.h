/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_CAPTURE_SOURCE_IMPL_H
#define IO_CAPTURE_SOURCE_IMPL_H

/*
 * What every kind of source has in common, for the files that implement one.
 */

#include "io/capture/source.h"
#include "io/capture/stream.h"

struct source_kind {
	/* Fills the frame but for its numbers, and s->dlt. */
	enum source_event (*next)(struct source *s, struct frame *frame, struct err *err);
	bool (*counts)(struct source *s, struct source_counts *out);
	enum source_facts (*facts)(const struct source *s, const char **json);
	const char *(*comment)(const struct source *s);
	/* How many records so far change what later ones mean; negative: it cannot be told. NULL:
	 * as negative. */
	int64_t (*shape)(const struct source *s);
	void (*close)(struct source *s);
};

/* The first member of each kind's own struct. */
struct source {
	const struct source_kind *kind;
	char *name; /* for messages; owned by source.c */
	int fd;
	bool live;
	struct stream in; /* of a file; closed by source.c */
	size_t behind;	  /* bytes of the record handed out last: passed before the next */
	uint32_t file;
	uint32_t number;	/* of the last frame */
	uint32_t known;		/* frames of a link type that can be decoded */
	uint32_t dlt;		/* of the last frame */
	enum source_event over; /* SOURCE_FRAME until the end was reached */
	struct err why;
};

/* Each takes over *in (also when it fails), whose first byte is the file's. NULL with *err. */
struct source *source_open_pcapng(struct stream *in, char *name, struct err *err);
struct source *source_open_classic(struct stream *in, char *name, struct err *err);
struct source *source_open_libpcap(struct stream *in, char *name, struct err *err);

#endif
