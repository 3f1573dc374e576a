/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/out/output.h"
#include "cli/command.h"
#include "cli/out/language.h"
#include <errno.h>
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define COLUMNS	    80
#define COLUMNS_MIN 40

static bool wants_colour(const struct options *o)
{
	const char *no_color = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	switch (o->color) {
	case COLOR_ALWAYS:
		return true;
	case COLOR_NEVER:
		return false;
	case COLOR_AUTO:
		break;
	}
	return isatty(STDOUT_FILENO) == 1 && (!no_color || *no_color == '\0') && term &&
	       strcmp(term, "dumb") != 0;
}

struct text_style output_style(const struct options *o)
{
	struct text_style style = {
		.colour = wants_colour(o),
		.utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0 || language_catalogue(o),
		.columns = COLUMNS,
	};
	struct winsize size;

	if (isatty(STDOUT_FILENO) == 1 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 &&
	    size.ws_col >= COLUMNS_MIN && size.ws_col < COLUMNS)
		style.columns = size.ws_col;
	return style;
}

static int write_out(struct log *log, const char *s, size_t n, int status)
{
	log_progress_end(log);
	errno = 0;
	if (fwrite(s, 1, n, stdout) == n && fflush(stdout) == 0)
		return status;
	log_error(log, "cannot write to standard output: %s", strerror(errno));
	return EXIT_SYSTEM;
}

int output_text(struct log *log, const struct text *t, int status)
{
	if (t->failed) {
		log_error(log, "no memory for the output");
		return EXIT_SYSTEM;
	}
	return write_out(log, text_str(t), t->len, status);
}

int output_json(struct log *log, const struct json_t *value, bool line, int status)
{
	struct text t = {0};

	if (line)
		report_json_line(value, &t);
	else
		report_json_text(value, &t);
	status = output_text(log, &t, status);
	text_free(&t);
	return status;
}
