/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_LOAD_LOAD_H
#define CLI_LOAD_LOAD_H

/*
 * Saved evidence back into a trace: a capture of our own with its facts, one of
 * somebody else's, or an evidence folder, whose checksums are looked at first.
 */

#include "cli/load/feed.h"
#include "cli/load/vantages.h"
#include "cli/options.h"
#include "cli/out/log.h"
#include "report/json/record.h"
#include "trace/trace.h"

struct loaded {
	struct options o;   /* the caller's, with the folder's capture as its file */
	const char *folder; /* as it was named; NULL: the argument is a capture */
	char *capture;	    /* the folder's capture; NULL: none was named */
	const char *file;   /* what `o` names now */
	struct trace trace;
	struct feed_counts counts;
	bool overlays;		  /* what overlay networks carry was looked into */
	struct log *log;	  /* for progress; NULL: nobody watches */
	size_t notes_from;	  /* notes of the trace from here on are about the reading of it */
	struct record record;	  /* how the run was made, where the capture says so */
	struct vantages vantages; /* places elsewhere that the folder tells of */
};

/*
 * Reads what the options' files name. 0, or an exit status after a message. The caller frees with
 * load_free() either way.
 */
int load_evidence(const struct options *o, struct log *log, struct loaded *out);
void load_free(struct loaded *loaded);

/* What the packets and the record say of the run; strings are loans from *loaded. */
struct run_info load_run(const struct loaded *loaded);

#endif
