/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/command.h"
#include "cli/parts.h"
#include <string.h>

#define COLUMN	   30 /* where the help texts begin */
#define NAME_BYTES 64
#define ABSENT	   " (not in this build)"

/* What the left column says; what is too long for it has a line of its own. */
static void print_column(FILE *to, const char *name)
{
	fprintf(to, "%-*s", COLUMN, name);
	if (strlen(name) >= COLUMN)
		fprintf(to, "\n%*s", COLUMN, "");
}

/* "  -p, --port PORT" */
static void print_name(FILE *to, const struct option_row *row)
{
	char name[NAME_BYTES];

	snprintf(name, sizeof(name), "  %c%c%s --%s%s%s%s", row->letter ? '-' : ' ',
		 row->letter ? row->letter : ' ', row->letter ? "," : " ", row->name,
		 row->arg_optional ? "[="
		 : row->arg	   ? " "
				   : "",
		 row->arg ? row->arg : "", row->arg_optional ? "]" : "");
	print_column(to, name);
}

/* " (replay, compare)" */
static void print_commands_of(FILE *to, const struct option_row *row)
{
	const char *before = " (";
	size_t n;
	const struct command *commands = command_table(&n);

	for (size_t i = 0; i < n; i++) {
		if (row->commands & (unsigned)commands[i].bit) {
			fprintf(to, "%s%s", before, commands[i].name);
			before = ", ";
		}
	}
	fputc(')', to);
}

static void print_option(FILE *to, const struct option_row *row, bool all)
{
	print_name(to, row);
	fputs(row->help, to);
	if (!parts_have_option(row))
		fputs(ABSENT, to);
	if (row->deflt)
		fprintf(to, " [%s]", row->deflt);
	if (all && !(row->commands & COMMAND_PROBE))
		print_commands_of(to, row);
	fputc('\n', to);
}

static void print_commands(FILE *to)
{
	size_t n;
	const struct command *commands = command_table(&n);

	fputs("\nCommands:\n", to);
	for (size_t i = 0; i < n; i++) {
		char name[NAME_BYTES];

		snprintf(name, sizeof(name), "  %s %s", commands[i].name, commands[i].args);
		print_column(to, name);
		fprintf(to, "%s%s\n", commands[i].help,
			parts_have_command(&commands[i]) ? "" : ABSENT);
	}
}

void usage_print(FILE *to, const struct command *command)
{
	unsigned commands = command ? (unsigned)command->bit : ~0U;
	size_t n;
	const struct option_row *rows = options_table(&n);

	if (command) {
		fprintf(to, "usage: whoblocks %s [options] %s\n%s.\n", command->name, command->args,
			command->help);
	} else {
		fputs("usage: whoblocks [options] [HOST ...]\n"
		      "       whoblocks COMMAND [options] ...\n"
		      "Who blocks the submission port? HOST is a name or an address, also with a\n"
		      "port: mail.example.org, 192.0.2.1:2587, [2001:db8::1]:587.\n",
		      to);
		print_commands(to);
	}
	fputs("\nOptions:\n", to);
	for (size_t i = 0; i < n; i++)
		if (rows[i].commands & commands)
			print_option(to, &rows[i], !command);
	if (!command)
		fputs("\nThe manual, whoblocks(1), explains the options and the exit statuses.\n",
		      to);
}
