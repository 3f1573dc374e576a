/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

/*
 * The commands. Each is one file src/cli/NAME.c and returns the exit status.
 */

#include "cli/options.h"
#include <stdbool.h>
#include <stdio.h>

/*
 * Exit statuses that are no verdict; a verdict's come from result_exit_status(), and IO_EVIDENCE,
 * of evidence that does not match its checksums, from those who read it (io/host/status.h).
 */
enum exit_status {
	EXIT_OK = 0,
	EXIT_USAGE = 2,
	EXIT_NOT_PERMITTED = 3,
	EXIT_INPUT = 4,
	EXIT_SYSTEM = 5,
};

/* What follows the options of a command. */
enum command_words { WORDS_NONE, WORDS_HOSTS, WORDS_FILES, WORDS_COMMANDS };

struct command {
	const char *name;
	enum command_bit bit;
	bool only_reads; /* files that the user names: it needs no right and no network */
	enum command_words words;
	const char *args; /* the words as the help names them */
	const char *help;
	int (*main)(const struct options *o); /* NULL: of help, which main.c has */
};

/* The table and how many rows it has; the first is what runs without a command. */
const struct command *command_table(size_t *n);
const struct command *command_find(const char *name);
const struct command *command_of(enum command_bit bit);

int probe_main(const struct options *o);
int replay_main(const struct options *o);
int compare_main(const struct options *o);
int receive_main(const struct options *o);
int report_main(const struct options *o);
int servers_main(const struct options *o);
int sites_main(const struct options *o);
int outside_main(const struct options *o);
int watch_main(const struct options *o);
int history_main(const struct options *o);
int explain_main(const struct options *o);
int check_main(const struct options *o);

/* The help text: of one command, or (NULL) of the program with every option. */
void usage_print(FILE *to, const struct command *command);

#endif
