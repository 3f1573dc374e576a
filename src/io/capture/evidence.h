/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_CAPTURE_EVIDENCE_H
#define IO_CAPTURE_EVIDENCE_H

/*
 * The capture that a run leaves behind. While the run goes, frames are spooled, as
 * a valid pcapng; at the end the file is written whole, with the facts, comments
 * and names.
 */

#include "base/addr.h"
#include "base/err.h"
#include "wire/frame.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define EVIDENCE_FACT_PART_BYTES  60000
#define EVIDENCE_FACTS_BYTES	  (768 * 1024)
#define EVIDENCE_FRAME_NOTE_BYTES 4096

struct evidence;

struct evidence_name {
	struct addr addr;
	const char *text; /* untrusted; unprintable bytes are replaced */
};

/* What the finished file says beside the frames. Everything is borrowed. */
struct evidence_end {
	const char *hardware, *os, *application; /* NULL: left out */
	const char *facts;			 /* a JSON text in UTF-8; NULL: none */
	const struct evidence_name *names;
	size_t names_n;
	const char *(*comment)(void *arg, uint32_t number); /* of a frame, or NULL; may be NULL */
	void *arg;
	uint64_t received, dropped;
	int64_t started_ns, ended_ns;
};

/*
 * Starts the spool in `fd`, which it takes over: a file that takes what is appended; or, with -1,
 * in a file without a name (in TMPDIR, else /tmp). `name` is for messages, a loan (NULL: none).
 * NULL with *err (IO_SYSTEM).
 */
struct evidence *evidence_open(int fd, const char *name, struct err *err);

/*
 * Appends a frame of the link type LINK_SLL2. Its number among the frames kept is the count of
 * calls; frame->number is not looked at. 0, or -1 with *err (disk full); then nothing of it is kept
 * and later calls fail as well.
 */
int evidence_add(struct evidence *e, const struct frame *frame, struct err *err);

/* How many frames were kept. */
uint32_t evidence_count(const struct evidence *e);

/*
 * Writes the whole file to `f`: pcapng, or classic pcap without facts when `path` ends in ".pcap".
 * May be called for several. 0, or -1 with *err (IO_SYSTEM).
 */
int evidence_write(struct evidence *e, FILE *f, const char *path, const struct evidence_end *end,
		   struct err *err);

/* Whether the spool holds frames that stand nowhere else, after an error. */
bool evidence_is_at_stake(const struct evidence *e);

/* Ends the spool; the file stays. */
void evidence_close(struct evidence *e);

#endif
