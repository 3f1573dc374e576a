/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_OUT_LOG_H
#define CLI_OUT_LOG_H

/*
 * Messages to standard error, and the progress line, which only a terminal gets.
 * Every message is made harmless for a terminal, whatever it quotes.
 */

#include "cli/options.h"
#include <stdbool.h>

struct log {
	bool quiet, verbose;
	bool terminal; /* standard error is one */
	bool progress; /* a progress line is on the screen */
	bool keeps;    /* the newest message is kept for a screen instead of printed */
	char *kept;    /* NULL: none yet */
};

void log_init(struct log *log, const struct options *o);

/* "whoblocks: MESSAGE": something is wrong; always shown. */
void log_error(struct log *log, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Something the user should know; not with --quiet. */
void log_note(struct log *log, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Only with --verbose. */
void log_detail(struct log *log, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Keeps the newest message from now on, for a screen that shows it; or prints them again. */
void log_keep(struct log *log, bool keeps);

/* That message, without what a terminal would take for a command; NULL: none. */
const char *log_kept(const struct log *log);

/* Replaces the progress line. */
void log_progress(struct log *log, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Takes the progress line away; before anything goes to standard output. */
void log_progress_end(struct log *log);

#endif
