/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/check_line.h"
#include "cli/command.h"
#include "cli/confine.h"
#include "cli/out/language.h"
#include "cli/out/log.h"
#include "cli/parts.h"
#include "io/host/streams.h"
#include <locale.h>
#include <stdlib.h>
#include <string.h>

/* getopt reorders argv; the result shows the command line as it was typed. */
static char **copy_argv(int argc, char **argv)
{
	char **copy = calloc((size_t)argc + 1, sizeof(*copy));

	if (copy)
		memcpy(copy, argv, (size_t)argc * sizeof(*copy));
	return copy;
}

static int flush_help(struct log *log)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return EXIT_OK;
	log_error(log, "cannot write to standard output");
	return EXIT_SYSTEM;
}

/*
 * What the caller names is opened with the caller's rights: commands that only read have no others
 * from here on, and those that measure give up theirs later.
 */
static int confine(const struct command *command, const struct options *o, struct err *err)
{
	if (!command->only_reads)
		return 0;
	if (confine_caller(err) != 0)
		return -1;
	/* Where there are outputs they are opened first: see save_open_reading(). */
	return o->output ? 0 : confine_reading(o, err);
}

/* Says what is wrong with the command line, as the command's readers expect it. */
static int refuse(const struct command *command, struct log *log, const struct err *err)
{
	if (command->bit == COMMAND_CHECK)
		return check_refuse(err->msg);
	log_error(log, "%s", err->msg);
	if (err->code == EXIT_USAGE)
		log_error(log, "'whoblocks --help' lists the options");
	return err->code;
}

static int run(const struct command *command, bool named, const struct options *o, struct log *log)
{
	struct err err = {0};

	if (o->version) {
		printf("whoblocks %s\n", WHOBLOCKS_VERSION);
		return flush_help(log);
	}
	if (o->help) {
		usage_print(stdout, named ? command : NULL);
		return flush_help(log);
	}
	if (command->bit == COMMAND_HELP) {
		if (o->files_n == 0)
			usage_print(stdout, NULL);
		for (size_t i = 0; i < o->files_n; i++)
			usage_print(stdout, command_find(o->files[i]));
		return flush_help(log);
	}
	for (size_t i = 0; i < o->hosts_n; i++)
		if (o->hosts[i].typed)
			log_note(log, "'%s' is asked for as %s", o->hosts[i].typed,
				 o->hosts[i].name);
	if (parts_need_command(command, &err) != 0)
		return refuse(command, log, &err);
	if (confine(command, o, &err) != 0) {
		log_error(log, "%s", err.msg);
		return err.code;
	}
	return command->main(o);
}

int main(int argc, char **argv)
{
	size_t n;
	const struct command *command = command_table(&n);
	const struct command *named = argc > 1 ? command_find(argv[1]) : NULL;
	struct options o = {0};
	struct log log;
	struct err err = {0};
	char **words;
	int status = EXIT_SYSTEM;

	if (!streams_hold())
		return EXIT_SYSTEM;
	setlocale(LC_CTYPE, "");
	log_init(&log, &o);
	words = argc > 0 ? copy_argv(argc, argv) : NULL;
	if (!words) {
		log_error(&log, "no memory for the command line");
		return EXIT_SYSTEM;
	}
	if (named)
		command = named;
	if (options_parse(&o, command->bit, words, named ? 2 : 1, &err)) {
		status = refuse(command, &log, &err);
	} else {
		o.argv = (const char *const *)argv;
		log_init(&log, &o);
		language_choose(&o);
		status = run(command, named != NULL, &o, &log);
	}
	options_free(&o);
	free(words);
	return status;
}
