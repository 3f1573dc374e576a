/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/command.h"
#include <string.h>

static const struct command table[] = {
	{"probe", COMMAND_PROBE, "[HOST ...]", "measure and decide (without a command, too)",
	 probe_main},
	{"replay", COMMAND_REPLAY, "FILE ...", "decide from saved captures", replay_main},
	{"compare", COMMAND_COMPARE, "CLIENT OTHER ...", "compare captures from several places",
	 compare_main},
	{"receive", COMMAND_RECEIVE, "", "capture what arrives of a client's probes", receive_main},
	{"report", COMMAND_REPORT, "FOLDER|FILE", "render a saved result again", report_main},
	{"servers", COMMAND_SERVERS, "", "show the list of known-good servers", servers_main},
};

const struct command *command_table(size_t *n)
{
	*n = sizeof(table) / sizeof(table[0]);
	return table;
}

const struct command *command_find(const char *name)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (strcmp(table[i].name, name) == 0)
			return &table[i];
	return NULL;
}
