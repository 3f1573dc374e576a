/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/out/log.h"
#include "base/text.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define MESSAGE_BYTES 1024
#define CLEAR_LINE    "\r\033[K"
#define COLUMNS	      80

void log_init(struct log *log, const struct options *o)
{
	const char *term = getenv("TERM");

	*log = (struct log){
		.quiet = o->quiet,
		.verbose = o->verbose && !o->quiet,
		.terminal = isatty(STDERR_FILENO) == 1 && term && strcmp(term, "dumb") != 0,
	};
}

/* The message without what a terminal would take for a command; false without memory. */
__attribute__((format(printf, 2, 0))) static bool make_safe(struct text *safe, const char *fmt,
							    va_list args)
{
	char message[MESSAGE_BYTES];

	if (vsnprintf(message, sizeof(message), fmt, args) < 0)
		message[0] = '\0';
	text_add_untrusted(safe, message, strlen(message));
	return !safe->failed;
}

__attribute__((format(printf, 2, 0))) static void show(struct log *log, const char *fmt,
						       va_list args)
{
	struct text safe = {0};
	bool made = make_safe(&safe, fmt, args);
	const char *message = made ? text_str(&safe) : "no memory for a message";

	log_progress_end(log);
	if (log->keeps) {
		free(log->kept);
		log->kept = strdup(message);
	} else {
		fprintf(stderr, "whoblocks: %s\n", message);
		fflush(stderr);
	}
	text_free(&safe);
}

void log_error(struct log *log, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	show(log, fmt, args);
	va_end(args);
}

void log_note(struct log *log, const char *fmt, ...)
{
	va_list args;

	if (log->quiet)
		return;
	va_start(args, fmt);
	show(log, fmt, args);
	va_end(args);
}

void log_detail(struct log *log, const char *fmt, ...)
{
	va_list args;

	if (!log->verbose)
		return;
	va_start(args, fmt);
	show(log, fmt, args);
	va_end(args);
}

void log_keep(struct log *log, bool keeps)
{
	log->keeps = keeps;
	free(log->kept);
	log->kept = NULL;
}

const char *log_kept(const struct log *log)
{
	return log->kept;
}

/* Bytes of the text that fit into a line of the terminal, whose last column stays free. */
static size_t fitting(const char *s)
{
	struct winsize size;
	size_t columns = COLUMNS, n = 0;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		columns = size.ws_col;
	while (s[n] && columns > 1) {
		columns--;
		do
			n++;
		while (((unsigned char)s[n] & 0xc0U) == 0x80U);
	}
	return n;
}

void log_progress(struct log *log, const char *fmt, ...)
{
	struct text safe = {0};
	va_list args;

	if (log->quiet || !log->terminal)
		return;
	va_start(args, fmt);
	if (make_safe(&safe, fmt, args)) {
		fprintf(stderr, CLEAR_LINE "%.*s", (int)fitting(text_str(&safe)), text_str(&safe));
		fflush(stderr);
		log->progress = true;
	}
	va_end(args);
	text_free(&safe);
}

void log_progress_end(struct log *log)
{
	if (log->progress)
		fputs(CLEAR_LINE, stderr);
	log->progress = false;
}
