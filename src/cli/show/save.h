/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_SHOW_SAVE_H
#define CLI_SHOW_SAVE_H

/*
 * What a command leaves on the disk: a capture, an evidence folder, or both.
 */

#include "base/err.h"
#include "cli/live/rounds.h"
#include "cli/options.h"
#include "cli/out/log.h"
#include "infer/result/result.h"
#include "io/capture/evidence.h"
#include "io/folder/outputs.h"
#include "io/host/privilege.h"
#include "report/report.h"
#include "trace/trace.h"
#include <stdint.h>

struct pairs;
struct vantage_list;

struct saving {
	const struct options *o;
	struct outputs *outputs;   /* NULL: nothing gets a name */
	int write, key;		   /* numbers of -w and of the pseudonyms' key, -1: none */
	struct evidence *evidence; /* frames of a live run; NULL: none are kept */
	const char *copied;	   /* a saved capture to be copied instead; NULL: none */
	const char *const *others; /* captures from elsewhere, to be copied beside it */
	size_t others_n;
	const struct pairs *pairs;	     /* what all of them share; NULL: there is one alone */
	const struct vantage_list *vantages; /* places elsewhere; NULL: none were asked */
	const struct text *outside;	     /* what the engines answered; NULL: nothing */
	bool unsaved;			     /* the frames stand nowhere but in the spool */
	uint64_t received, dropped;
	struct rounds *rounds; /* this one and those before; NULL: a single measurement */
	struct about *about;   /* gets the rounds; NULL: nobody does */
	char sha256[65];       /* of the capture in the folder */
	char *capture_path;    /* of the same, once the folder has its name */
};

/*
 * Checks that every output can be written and opens them, as the present user, who is `owner`: what
 * is done to names later is done by a process of its own. The captures of earlier rounds (NULL:
 * there are none) move into the new folder. 0, or -1 with *err.
 * The caller ends with save_close() either way.
 */
int save_open(const struct options *o, struct rounds *rounds, const struct caller *owner,
	      struct saving *out, struct err *err);

/* The same for a command that reads, which is confined from here on. */
int save_open_reading(const struct options *o, struct saving *out, struct err *err);

/* Writes the capture with its facts and comments. 0, or -1 with *err. */
int save_capture(struct saving *s, const struct run_info *run, const struct trace *t,
		 const struct result *r, struct err *err);

/* The same of a receiver's, which has its own end. */
int save_receiver(struct saving *s, const struct evidence_end *end, struct err *err);

/* Writes what the pseudonyms stand for beside the folder. 0, or -1 with *err. */
int save_key(struct saving *s, struct text *key, struct err *err);

/*
 * Writes the other files and gives the folder its name; *run then names the folder. 0, or -1 with
 * *err.
 */
int save_folder(struct saving *s, struct run_info *run, const struct trace *t,
		const struct result *r, struct err *err);

/* Ends everything; a folder that did not get its name goes, unless frames would be lost with it. */
void save_close(struct saving *s, struct log *log);

#endif
