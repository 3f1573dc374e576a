/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/command.h"
#include <string.h>

static const struct command table[] = {
	{"probe", COMMAND_PROBE, false, WORDS_HOSTS, "[HOST ...]",
	 "measure and decide (without a command, too)", probe_main},
	{"replay", COMMAND_REPLAY, true, WORDS_FILES, "FILE ...", "decide from saved captures",
	 replay_main},
	{"compare", COMMAND_COMPARE, true, WORDS_FILES, "CLIENT OTHER ...",
	 "compare captures from several places", compare_main},
	{"receive", COMMAND_RECEIVE, false, WORDS_NONE, "",
	 "capture what arrives of a client's probes", receive_main},
	{"report", COMMAND_REPORT, true, WORDS_FILES, "FOLDER|FILE", "render a saved result again",
	 report_main},
	{"servers", COMMAND_SERVERS, true, WORDS_NONE, "", "show the list of known-good servers",
	 servers_main},
	{"outside", COMMAND_OUTSIDE, false, WORDS_FILES, "FOLDER|FILE|HOST ...",
	 "the same question from RIPE Atlas or Globalping", outside_main},
	{"sites", COMMAND_SITES, true, WORDS_FILES, "FILE ...",
	 "what the results of many sites have in common", sites_main},
	{"watch", COMMAND_WATCH, false, WORDS_HOSTS, "[HOST ...]",
	 "measure again and again: history, metrics, alarms", watch_main},
	{"history", COMMAND_HISTORY, false, WORDS_NONE, "", "what watch has stored", history_main},
	{"check", COMMAND_CHECK, false, WORDS_HOSTS, "[HOST ...]",
	 "a plugin for Nagios, Icinga and their like", check_main},
	{"explain", COMMAND_EXPLAIN, true, WORDS_FILES, "FILE|WORD ...",
	 "why a capture is judged as it is; what a word of a result means", explain_main},
	{"help", COMMAND_HELP, true, WORDS_COMMANDS, "[COMMAND ...]", "print this help", NULL},
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

const struct command *command_of(enum command_bit bit)
{
	const struct command *command = table;

	while (command->bit != bit)
		command++;
	return command;
}
