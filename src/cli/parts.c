/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/parts.h"
#include <string.h>

#define OPTIONS_MAX 12

struct part_row {
	const char *name;
	bool built;
	const char *lacks; /* "this whoblocks ..." */
	unsigned commands; /* bits; they need it whatever their options are */
	const char *options[OPTIONS_MAX];
};

static const struct part_row table[] = {
	[PART_LIVE] = {"WHOBLOCKS_LIVE",
		       WHOBLOCKS_LIVE,
		       "measures nothing",
		       COMMAND_PROBE | COMMAND_RECEIVE | COMMAND_WATCH | COMMAND_CHECK,
		       {"cacert"}},
	[PART_WEB] = {"WHOBLOCKS_WEB",
		      WHOBLOCKS_WEB,
		      "asks no web service",
		      0,
		      {"rdap", "public-address-url", "via", "country", "probes", "credits-max",
		       "yes", "dry-run", "resume", "key-file", "wait", "api"}},
	[PART_HISTORY] = {"WHOBLOCKS_HISTORY",
			  WHOBLOCKS_HISTORY,
			  "keeps no history",
			  COMMAND_HISTORY,
			  {"history"}},
	[PART_METRICS] = {"WHOBLOCKS_METRICS",
			  WHOBLOCKS_METRICS,
			  "has no metrics",
			  0,
			  {"textfile", "listen"}},
	[PART_LANGUAGES] = {"WHOBLOCKS_LANGUAGES",
			    WHOBLOCKS_LANGUAGES,
			    "speaks English alone",
			    0,
			    {"language"}},
};

int parts_need(enum part part, const char *what, struct err *err)
{
	const struct part_row *row = &table[part];

	return row->built
		       ? 0
		       : err_set(err, EXIT_USAGE, "%s: this whoblocks %s: it was built with %s=OFF",
				 what, row->lacks, row->name);
}

static bool of_option(enum part part, const struct option_row *option)
{
	const char *const *names = table[part].options;

	for (size_t i = 0; i < OPTIONS_MAX && names[i]; i++)
		if (strcmp(names[i], option->name) == 0)
			return true;
	return false;
}

int parts_need_command(const struct command *command, struct err *err)
{
	for (enum part p = PART_LIVE; p <= PART_LANGUAGES; p++)
		if (table[p].commands & (unsigned)command->bit &&
		    parts_need(p, command->name, err) != 0)
			return -1;
	return 0;
}

int parts_need_option(const struct option_row *row, struct err *err)
{
	char name[OPTIONS_NAME_BYTES];

	snprintf(name, sizeof(name), "--%s", row->name);
	for (enum part p = PART_LIVE; p <= PART_LANGUAGES; p++)
		if (of_option(p, row) && parts_need(p, name, err) != 0)
			return -1;
	return 0;
}

bool parts_have_command(const struct command *command)
{
	struct err err;

	return parts_need_command(command, &err) == 0;
}

bool parts_have_option(const struct option_row *row)
{
	struct err err;

	return parts_need_option(row, &err) == 0;
}
