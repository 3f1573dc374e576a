/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_CAPTURE_EVIDENCE_H
#define IO_CAPTURE_EVIDENCE_H

/*
 * The capture that a run leaves behind. While the run goes, frames are spooled
 * to FILE.partial, a valid pcapng; at the end the file is written whole, with
 * the facts, comments and names, and takes its final name in one step.
 */

#include "base/addr.h"
#include "base/err.h"
#include "wire/frame.h"
#include <stddef.h>
#include <stdint.h>

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
 * Whether `path` can become the output of this process as it is now: its folder takes new files,
 * and what has the name already is a regular file. 0, or -1 with *err (IO_SYSTEM). Leaves nothing.
 */
int evidence_check_writable(const char *path, struct err *err);

/*
 * Starts the spool: `path`.partial, or a file without a name (in TMPDIR, else /tmp) when path is
 * NULL. Call it after privileges are gone, so that the file belongs to the user. A .partial that an
 * earlier run left is replaced. NULL with *err (IO_SYSTEM).
 */
struct evidence *evidence_open(const char *path, struct err *err);

/*
 * Appends a frame of the link type LINK_SLL2. Its number among the frames kept is the count of
 * calls; frame->number is not looked at. 0, or -1 with *err (disk full); then nothing of it is kept
 * and later calls fail as well.
 */
int evidence_add(struct evidence *e, const struct frame *frame, struct err *err);

/* How many frames were kept. */
uint32_t evidence_count(const struct evidence *e);

/*
 * Writes the whole file under `path`: pcapng, or classic pcap without facts when the name ends in
 * ".pcap". It appears complete or not at all, and replaces a file of that name. May be called for
 * several paths. 0, or -1 with *err (IO_SYSTEM; the .partial then survives evidence_close()).
 */
int evidence_write(struct evidence *e, const char *path, const struct evidence_end *end,
		   struct err *err);

/* Ends the spool and removes its .partial, unless frames would be lost by that after an error. */
void evidence_close(struct evidence *e);

#endif
