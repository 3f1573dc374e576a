/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/options.h"
#include "base/hostname.h"
#include "cli/command.h"
#include "cli/parts.h"
#include "infer/result/terms.h"
#include "io/names/lines.h"
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_MAX	 96
#define INTERVAL_OWN_MS	 60000
#define INTERVAL_LIST_MS 300000
#define BUDGET_MS	 15000
#define BUDGET_GENTLE_MS 90000
#define LONG_BASE	 256 /* getopt values from here on are rows */

/* What getopt_long() wants to know, made from the table. */
struct getopt_tables {
	struct option longs[ROWS_MAX + 1];
	char shorts[2 * ROWS_MAX + 2];
};

/* The row that a value of getopt_long() stands for, or NULL. A letter may mean something else to
 * another command: the command's own rows come first. */
static const struct option_row *find_row(int value, enum command_bit command)
{
	size_t n;
	const struct option_row *rows = options_table(&n), *other = NULL;

	if (value >= LONG_BASE && (size_t)(value - LONG_BASE) < n)
		return &rows[value - LONG_BASE];
	for (size_t i = 0; i < n; i++) {
		if (rows[i].letter == 0 || rows[i].letter != value)
			continue;
		if (rows[i].commands & (unsigned)command)
			return &rows[i];
		other = other ? other : &rows[i];
	}
	return other;
}

static void getopt_tables_init(struct getopt_tables *t, enum command_bit command)
{
	size_t n;
	const struct option_row *rows = options_table(&n);
	char *s = t->shorts;

	memset(t, 0, sizeof(*t));
	*s++ = ':'; /* a missing value is told from an unknown option */
	for (size_t i = 0; i < n && i < ROWS_MAX; i++) {
		t->longs[i] = (struct option){
			.name = rows[i].name,
			.has_arg = !rows[i].arg		  ? no_argument
				   : rows[i].arg_optional ? optional_argument
							  : required_argument,
			.val = LONG_BASE + (int)i,
		};
		if (rows[i].letter == 0 || find_row(rows[i].letter, command) != &rows[i])
			continue;
		*s++ = rows[i].letter;
		if (rows[i].arg && !rows[i].arg_optional)
			*s++ = ':';
	}
}

/* Why getopt_long() returned '?' or ':'. `word` is what it stumbled over. */
static int explain(int value, enum command_bit command, const char *word, struct err *err)
{
	const struct option_row *row = find_row(optopt, command);

	if (value == ':' && row)
		return err_set(err, EXIT_USAGE, "--%s needs a value: %s", row->name, row->arg);
	if (row && !row->arg && optopt >= LONG_BASE)
		return err_set(err, EXIT_USAGE, "--%s takes no value: '%s'", row->name, word);
	if (optopt != 0)
		return err_set(err, EXIT_USAGE, "unknown option '-%c'", optopt);
	return err_set(err, EXIT_USAGE, "unknown or ambiguous option '%s'", word);
}

static int apply(struct options *o, const struct option_row *row, const char *value,
		 struct err *err)
{
	if (!(row->commands & o->command))
		return err_set(err, EXIT_USAGE, "'%s' does not take the option --%s",
			       command_of(o->command)->name, row->name);
	if (parts_need_option(row, err) != 0)
		return -1;
	return row->set(o, row, value, err);
}

static int parse_options(struct options *o, char **argv, int first, struct err *err)
{
	struct getopt_tables tables;
	int argc = 0;
	int value;

	getopt_tables_init(&tables, o->command);
	/* getopt starts behind a word that it takes for the program's name. */
	argv += first - 1;
	while (argv[argc])
		argc++;
	opterr = 0;
	optind = 0;
	while (!o->help && !o->version) {
		int at = optind > 0 ? optind : 1;
		const struct option_row *row;

		value = getopt_long(argc, argv, tables.shorts, tables.longs, NULL);
		if (value == -1)
			break;
		if (value == '?' || value == ':')
			return explain(value, o->command, argv[optind > at ? optind - 1 : at], err);
		row = find_row(value, o->command);
		if (apply(o, row, optarg, err))
			return -1;
	}
	return optind + first - 1;
}

static int parse_hosts(struct options *o, char **words, size_t n, struct err *err)
{
	o->hosts = calloc(n + 1, sizeof(*o->hosts));
	if (!o->hosts)
		return err_set(err, EXIT_SYSTEM, "no memory for %zu HOSTs", n);
	for (size_t i = 0; i < n; i++) {
		const struct command *command = command_find(words[i]);

		if (command)
			return err_set(err, EXIT_USAGE,
				       "the command '%s' must be the first word "
				       "(a host of that name: '%s.')",
				       command->name, command->name);
		if (options_host(words[i], &o->hosts[i], err))
			return -1;
	}
	o->hosts_n = n;
	return 0;
}

/* What is left after the options: HOSTs, FILEs or nothing. */
static int parse_words(struct options *o, char **words, struct err *err)
{
	const struct command *command = command_of(o->command);
	size_t n = 0;

	while (words[n])
		n++;
	switch (command->words) {
	case WORDS_HOSTS:
		return parse_hosts(o, words, n, err);
	case WORDS_FILES:
		if (n == 0)
			return err_set(err, EXIT_USAGE, "'%s' needs a FILE", command->name);
		o->files = (const char *const *)words;
		o->files_n = n;
		return 0;
	case WORDS_COMMANDS:
		for (size_t i = 0; i < n; i++)
			if (!command_find(words[i]))
				return err_set(err, EXIT_USAGE, "'%s' is no command", words[i]);
		o->files = (const char *const *)words;
		o->files_n = n;
		return 0;
	case WORDS_NONE:
		if (n > 0)
			return err_set(err, EXIT_USAGE, "'%s' takes no argument: '%s'",
				       command->name, words[0]);
		return 0;
	}
	return 0;
}

static void set_defaults(struct options *o, enum command_bit command)
{
	*o = (struct options){
		.command = command,
		.port = 587,
		.flows = 2,
		.max_rate = 500,
		.rounds = 1,
		.interval_ms = 600000,
		.outside =
			{
				.via = "atlas",
				.probes = 5,
				.credits_max = 3000,
				.wait_ms = 300000,
			},
		.watch =
			{
				.subject = "default",
				.keep = 20,
				.warning = 1U << STATE_DEGRADED,
				.critical = 1U << STATE_BLOCKED | 1U << STATE_INTERCEPTED |
					    1U << STATE_CLOSED,
				.timeout_ms = 16000,
				.max_age_ms = 1800000,
			},
	};
}

/* Servers of the built-in list belong to others: they are not asked as often as one's own. */
static int check_interval(const struct options *o, struct err *err)
{
	bool own = o->servers_file || (o->hosts_n > 0 && o->only);
	uint32_t least_ms = own ? INTERVAL_OWN_MS : INTERVAL_LIST_MS;

	if (o->interval_ms >= least_ms || o->watch.once)
		return 0;
	return err_set(err, EXIT_USAGE,
		       "--interval SECONDS: watch asks %s every %u seconds at most",
		       own ? "servers" : "servers of the built-in list", least_ms / 1000);
}

/* What is shown differs, and so do its forms. */
static int check_format(const struct options *o, struct err *err)
{
	bool rows = o->format == FORMAT_CSV || o->format == FORMAT_PROMETHEUS;

	if (o->command != COMMAND_HISTORY && rows)
		return err_set(err, EXIT_USAGE, "'%s' has no format csv or prometheus",
			       command_of(o->command)->name);
	bool measured = o->command == COMMAND_PROBE || o->command == COMMAND_REPLAY ||
			o->command == COMMAND_COMPARE || o->command == COMMAND_OUTSIDE ||
			o->command == COMMAND_REPORT;

	if ((o->flat || o->format == FORMAT_FLAT) && !measured)
		return err_set(err, EXIT_USAGE, "'%s' has no form with one level%s",
			       command_of(o->command)->name,
			       o->command == COMMAND_HISTORY ? ": --csv has columns" : "");
	if (o->command == COMMAND_HISTORY && o->format == FORMAT_TICKET)
		return err_set(err, EXIT_USAGE,
			       "'history' has the formats text, json, html, csv, prometheus");
	return 0;
}

int options_parse(struct options *o, enum command_bit command, char **argv, int first,
		  struct err *err)
{
	int next;

	set_defaults(o, command);
	next = parse_options(o, argv, first, err);
	if (next < 0)
		return -1;
	if (o->help || o->version)
		return 0;
	if (o->ipv4 && o->ipv6)
		return err_set(err, EXIT_USAGE, "-4 and -6 exclude each other");
	if (o->budget_ms == 0)
		o->budget_ms = o->gentle ? BUDGET_GENTLE_MS : BUDGET_MS;
	if (!o->ipv4 && !o->ipv6)
		o->ipv4 = o->ipv6 = true;
	if (o->only && !argv[next])
		return err_set(err, EXIT_USAGE, "--only needs a HOST");
	if (parse_words(o, argv + next, err) != 0 || check_format(o, err) != 0)
		return -1;
	return o->command == COMMAND_WATCH ? check_interval(o, err) : 0;
}

void options_free(struct options *o)
{
	for (size_t i = 0; i < o->labels_n; i++)
		free(o->label_names[i]);
	free(o->hosts);
	o->hosts = NULL;
	o->hosts_n = 0;
}
