/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/check_line.h"
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const char *const status_words[] = {"OK", "WARNING", "CRITICAL", "UNKNOWN"};

/* A sentence without what ends the line or begins the performance data. */
static void add_line(struct text *out, const char *s)
{
	struct text safe = {0};

	text_add_untrusted(&safe, s, strlen(s));
	for (const char *at = text_str(&safe); *at; at++)
		text_add_bytes(out, *at == '|' ? "/" : at, 1);
	out->failed = out->failed || safe.failed;
	text_free(&safe);
}

int check_line(enum plugin_status status, const char *sentence, const struct text *performance)
{
	struct text line = {0};
	bool said;

	text_addf(&line, "WHOBLOCKS %s - ", status_words[status]);
	add_line(&line, sentence);
	if (performance && performance->len)
		text_addf(&line, " | %s", text_str(performance));
	said = !line.failed && puts(text_str(&line)) != EOF && fflush(stdout) == 0;
	text_free(&line);
	return said ? (int)status : PLUGIN_UNKNOWN;
}

int check_refuse(const char *message)
{
	return check_line(PLUGIN_UNKNOWN, message, NULL);
}
