/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writes the completions of a shell, bash, zsh or fish, from the tables of commands and options:
 * completions SHELL. Runs while the program is built.
 */
#include "cli/command.h"
#include "cli/options.h"
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* What stands after an option, by the name of its value. */
enum value {
	VALUE_NONE,
	VALUE_OTHER,
	VALUE_FILE,
	VALUE_FOLDER,
	VALUE_USER,
	VALUE_NAME,
	VALUE_WORDS
};

static enum value value_of(const struct option_row *row, const char **words)
{
	static const struct {
		const char *arg;
		enum value value;
		const char *words;
	} kinds[] = {
		{"FILE", VALUE_FILE, ""},
		{"PROGRAM", VALUE_FILE, ""},
		{"FOLDER", VALUE_FOLDER, ""},
		{"USER", VALUE_USER, ""},
		{"NAME", VALUE_NAME, ""},
		{"WHEN", VALUE_WORDS, "auto always never"},
		{"ENGINE", VALUE_WORDS, "atlas globalping"},
		{"FORMAT", VALUE_WORDS, "text json html ticket csv prometheus flat"},
	};

	*words = "";
	if (!row->arg || row->arg_optional)
		return VALUE_NONE;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(row->arg, kinds[i].arg) == 0) {
			*words = kinds[i].words;
			return kinds[i].value;
		}
	}
	return VALUE_OTHER;
}

/* In single quotes of a shell; `also` are further characters that get a backslash. */
static void put_quoted(const char *s, const char *also)
{
	for (; *s; s++) {
		if (*s == '\'')
			fputs("'\\''", stdout);
		else if (strchr(also, *s))
			printf("\\%c", *s);
		else
			putchar(*s);
	}
}

/* --- bash ------------------------------------------------------------------------------------ */

static void bash_values(const struct option_row *rows, size_t n)
{
	static const char *const answers[] = {
		[VALUE_NONE] = "",
		[VALUE_OTHER] = "COMPREPLY=()",
		[VALUE_FILE] =
			"compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")",
		[VALUE_FOLDER] =
			"compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- \"$cur\")",
		[VALUE_USER] = "mapfile -t COMPREPLY < <(compgen -u -- \"$cur\")",
		[VALUE_NAME] = "COMPREPLY=($(compgen -W \"$(ls /sys/class/net)\" -- \"$cur\"))",
	};
	const char *words;

	for (size_t i = 0; i < n; i++) {
		enum value value = value_of(&rows[i], &words);

		if (value == VALUE_NONE)
			continue;
		printf("\t--%s", rows[i].name);
		if (rows[i].letter)
			printf(" | -%c", rows[i].letter);
		if (value == VALUE_WORDS)
			printf(") COMPREPLY=($(compgen -W '%s' -- \"$cur\")); return ;;\n", words);
		else
			printf(") %s; return ;;\n", answers[value]);
	}
}

static void bash_command(const char *pattern, const struct command *c,
			 const struct option_row *rows, size_t n)
{
	printf("\t%s) action='%s' words='", pattern,
	       c->words == WORDS_FILES	 ? "file"
	       : c->words == WORDS_HOSTS ? "hostname"
					 : "");
	for (size_t i = 0; i < n; i++) {
		if (rows[i].commands & (unsigned)c->bit)
			printf(" --%s", rows[i].name);
	}
	puts("' ;;");
}

static void write_bash(const struct command *commands, size_t commands_n,
		       const struct option_row *rows, size_t n)
{
	puts("# bash completion for whoblocks\n_whoblocks()\n{\n"
	     "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}\n"
	     "\tlocal action words\n\tCOMPREPLY=()\n\tcase $prev in");
	bash_values(rows, n);
	puts("\tesac\n\tcase ${COMP_WORDS[1]} in");
	for (size_t i = 1; i < commands_n; i++)
		bash_command(commands[i].name, &commands[i], rows, n);
	bash_command("*", &commands[0], rows, n);
	puts("\tesac");
	fputs("\tif [[ $COMP_CWORD -eq 1 && $cur != -* ]]; then\n\t\twords='", stdout);
	for (size_t i = 0; i < commands_n; i++)
		printf(" %s", commands[i].name);
	puts("'\n"
	     "\telif [[ $cur != -* ]]; then\n"
	     "\t\t[[ $action ]] || return\n"
	     "\t\t[[ $action != file ]] || compopt -o filenames\n"
	     "\t\tmapfile -t COMPREPLY < <(compgen -A $action -- \"$cur\")\n"
	     "\t\treturn\n"
	     "\tfi\n"
	     "\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
	     "}\ncomplete -F _whoblocks whoblocks");
}

/* --- zsh ------------------------------------------------------------------------------------- */

static void zsh_option(const struct option_row *row)
{
	static const char *const answers[] = {
		[VALUE_NONE] = "",	 [VALUE_OTHER] = "",
		[VALUE_FILE] = "_files", [VALUE_FOLDER] = "_files -/",
		[VALUE_USER] = "_users", [VALUE_NAME] = "_net_interfaces",
	};
	const char *words;
	enum value value = value_of(row, &words);

	for (int letter = 0; letter < (row->letter ? 2 : 1); letter++) {
		fputs("\t\t'*", stdout);
		if (letter)
			printf("-%c%s", row->letter, value != VALUE_NONE ? "+" : "");
		else
			printf("--%s%s", row->name, value != VALUE_NONE ? "=" : "");
		putchar('[');
		put_quoted(row->help, "[]:");
		putchar(']');
		if (value == VALUE_WORDS)
			printf(":%s:(%s)", row->arg, words);
		else if (value != VALUE_NONE) {
			putchar(':');
			put_quoted(row->arg, "[]:");
			printf(":%s", answers[value]);
		}
		puts("' \\");
	}
}

static void zsh_command(const struct command *c, const struct option_row *rows, size_t n)
{
	fputs("\t\t_arguments -s \\\n", stdout);
	for (size_t i = 0; i < n; i++) {
		if (rows[i].commands & (unsigned)c->bit)
			zsh_option(&rows[i]);
	}
	if (c->words == WORDS_FILES)
		puts("\t\t'*:file:_files'");
	else
		puts(c->words == WORDS_HOSTS ? "\t\t'*:HOST:_hosts'" : "\t\t'*: :'");
	puts("\t\t;;");
}

static void write_zsh(const struct command *commands, size_t commands_n,
		      const struct option_row *rows, size_t n)
{
	puts("#compdef whoblocks\n"
	     "_whoblocks() {\n"
	     "\tlocal -a commands\n"
	     "\tcommands=(");
	for (size_t i = 0; i < commands_n; i++) {
		printf("\t\t'%s:", commands[i].name);
		put_quoted(commands[i].help, ":");
		puts("'");
	}
	puts("\t)\n"
	     "\tif ((CURRENT == 2)) && [[ $words[2] != -* ]]; then\n"
	     "\t\t_describe command commands\n"
	     "\t\t_hosts\n"
	     "\t\treturn\n"
	     "\tfi\n"
	     "\tcase $words[2] in");
	for (size_t i = 1; i < commands_n; i++) {
		printf("\t%s)\n", commands[i].name);
		zsh_command(&commands[i], rows, n);
	}
	puts("\t*)");
	zsh_command(&commands[0], rows, n);
	puts("\tesac\n}\n_whoblocks \"$@\"");
}

/* --- fish ------------------------------------------------------------------------------------ */

/* For which commands an option is offered: `probe` needs no word of its own. */
static void fish_when(const struct command *commands, size_t commands_n, unsigned wanted)
{
	bool probe = wanted & (unsigned)commands[0].bit;

	printf(" -n '%s__fish_seen_subcommand_from", probe ? "not " : "");
	for (size_t i = 1; i < commands_n; i++) {
		if (((wanted & (unsigned)commands[i].bit) != 0) != probe)
			printf(" %s", commands[i].name);
	}
	putchar('\'');
}

static void fish_option(const struct option_row *row)
{
	static const char *const answers[] = {
		[VALUE_NONE] = "",
		[VALUE_OTHER] = " -x",
		[VALUE_FILE] = " -r -F",
		[VALUE_FOLDER] = " -x -a '(__fish_complete_directories)'",
		[VALUE_USER] = " -x -a '(__fish_complete_users)'",
		[VALUE_NAME] = " -x -a '(__fish_print_interfaces)'",
	};
	const char *words;
	enum value value = value_of(row, &words);

	printf(" -l %s", row->name);
	if (row->letter)
		printf(" -s %c", row->letter);
	if (value == VALUE_WORDS)
		printf(" -x -a '%s'", words);
	else
		fputs(answers[value], stdout);
	fputs(" -d '", stdout);
	put_quoted(row->help, "");
	puts("'");
}

static void write_fish(const struct command *commands, size_t commands_n,
		       const struct option_row *rows, size_t n)
{
	unsigned all = 0, not_files = 0;

	for (size_t i = 0; i < commands_n; i++)
		not_files |= commands[i].words == WORDS_FILES ? 0 : (unsigned)commands[i].bit;
	puts("# fish completion for whoblocks");
	fputs("complete -c whoblocks -f", stdout);
	fish_when(commands, commands_n, not_files);
	putchar('\n');
	for (size_t i = 0; i < commands_n; i++) {
		all |= (unsigned)commands[i].bit;
		printf("complete -c whoblocks -n __fish_use_subcommand -a %s -d '",
		       commands[i].name);
		put_quoted(commands[i].help, "");
		puts("'");
	}
	for (size_t i = 0; i < n; i++) {
		fputs("complete -c whoblocks", stdout);
		if ((rows[i].commands & all) != all)
			fish_when(commands, commands_n, rows[i].commands);
		fish_option(&rows[i]);
	}
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*write)(const struct command *commands, size_t commands_n,
			      const struct option_row *rows, size_t n);
	} shells[] = {{"bash", write_bash}, {"zsh", write_zsh}, {"fish", write_fish}};
	size_t commands_n, n;
	const struct command *commands = command_table(&commands_n);
	const struct option_row *rows = options_table(&n);

	for (size_t i = 0; i < sizeof(shells) / sizeof(shells[0]); i++) {
		if (argc == 2 && strcmp(argv[1], shells[i].name) == 0) {
			shells[i].write(commands, commands_n, rows, n);
			return fflush(stdout) == 0 ? 0 : 1;
		}
	}
	fputs("usage: completions bash|zsh|fish\n", stderr);
	return 2;
}
