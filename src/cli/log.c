/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/log.h"
#include "base/text.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MESSAGE_BYTES 1024
#define CLEAR_LINE    "\r\033[K"

void log_init(struct log *log, const struct options *o)
{
	*log = (struct log){
		.quiet = o->quiet,
		.verbose = o->verbose && !o->quiet,
		.terminal = isatty(STDERR_FILENO) == 1,
	};
}

__attribute__((format(printf, 3, 0))) static void
show(struct log *log, const char *before, const char *fmt, va_list args, const char *after)
{
	char message[MESSAGE_BYTES];
	struct text safe = {0};

	if (vsnprintf(message, sizeof(message), fmt, args) < 0)
		message[0] = '\0';
	text_add_untrusted(&safe, message, strlen(message));
	fprintf(stderr, "%s%s%s%s", log->progress ? CLEAR_LINE : "", before,
		safe.failed ? "no memory for a message" : text_str(&safe), after);
	fflush(stderr);
	log->progress = false;
	text_free(&safe);
}

void log_error(struct log *log, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	show(log, "whoblocks: ", fmt, args, "\n");
	va_end(args);
}

void log_note(struct log *log, const char *fmt, ...)
{
	va_list args;

	if (log->quiet)
		return;
	va_start(args, fmt);
	show(log, "whoblocks: ", fmt, args, "\n");
	va_end(args);
}

void log_detail(struct log *log, const char *fmt, ...)
{
	va_list args;

	if (!log->verbose)
		return;
	va_start(args, fmt);
	show(log, "whoblocks: ", fmt, args, "\n");
	va_end(args);
}

void log_progress(struct log *log, const char *fmt, ...)
{
	va_list args;

	if (log->quiet || !log->terminal)
		return;
	va_start(args, fmt);
	show(log, "", fmt, args, "");
	va_end(args);
	log->progress = true;
}

void log_progress_end(struct log *log)
{
	if (log->progress)
		fputs(CLEAR_LINE, stderr);
	log->progress = false;
}
