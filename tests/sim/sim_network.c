/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The program's own engine and inference, thousands of times, in networks that
 * exist as numbers only. Prints how often what was said was true.
 *
 * sim_network [--runs N] [--seed S] [--kind NAME] [--servers N] [--rtt MS] [--near] [--clean]
 *             [--networks] [--numbered] [--wrong N] [--show] [--write FILE] [--most-wrong N]
 *             [--shadow] [--prior NAME=VALUE ...] [--try NAME=VALUE ...]
 *
 * --numbered draws who numbers links, private and unrouted cores, exchanges, siblings and stale
 * entries of the data base by chance; with --networks as well, what is wrong is not for the
 * numbers.
 *
 * --wrong N prints the first N runs that were wrong or impolite. Status 1 when a stated
 * probability does not hold, when manners were forgotten, or when more than --most-wrong in a
 * thousand are wrong. --shadow judges each run by the model, too, prints where it differs and who
 * was right, and its table; --prior sets one of the model's numbers; --try prints the score of
 * the same runs with one of them changed, beside those that --prior set before it.
 */
#include "case.h"
#include "check.h"
#include "run.h"
#include "shadow.h"
#include "show.h"
#include "table.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct asked {
	unsigned long runs, wrong;
	unsigned long most_wrong; /* in a thousand; 0: any */
	uint64_t seed;
	struct case_wish wish;
	bool show;
	const char *write;
	struct shadow_run shadow;
};

static int usage(void)
{
	fputs("usage: sim_network [--runs N] [--seed S] [--kind NAME] [--servers N] [--rtt MS]\n"
	      "       [--near] [--clean] [--networks] [--numbered] [--wrong N] [--show] [--write "
	      "FILE]\n"
	      "       [--most-wrong N] [--shadow] [--prior NAME=VALUE ...]\n"
	      "       [--try NAME=VALUE ...]\n",
	      stderr);
	return 2;
}

static int kind_of(const char *name)
{
	for (int i = 0; i < CASE_KINDS; i++) {
		if (strcmp(name, case_kind_name((enum case_kind)i)) == 0)
			return i + 1;
	}
	return 0;
}

static bool take_flag(struct asked *asked, const char *word)
{
	if (strcmp(word, "--near") == 0)
		asked->wish.rtt_ms = -1;
	else if (strcmp(word, "--clean") == 0)
		asked->wish.clean = true;
	else if (strcmp(word, "--networks") == 0)
		asked->wish.networks = true;
	else if (strcmp(word, "--numbered") == 0)
		asked->wish.numbered = true;
	else if (strcmp(word, "--shadow") == 0)
		asked->shadow.on = true;
	else if (strcmp(word, "--show") == 0)
		asked->show = true;
	else
		return false;
	return true;
}

static bool take_value(struct asked *asked, const char *word, const char *value)
{
	unsigned long long number = strtoull(value, NULL, 10);
	if (strcmp(word, "--runs") == 0)
		asked->runs = (unsigned long)number;
	else if (strcmp(word, "--seed") == 0)
		asked->seed = number;
	else if (strcmp(word, "--wrong") == 0)
		asked->wrong = (unsigned long)number;
	else if (strcmp(word, "--servers") == 0 && number <= NET_SERVERS_MAX)
		asked->wish.servers = (int)number;
	else if (strcmp(word, "--rtt") == 0 && number <= 1000)
		asked->wish.rtt_ms = (int)number;
	else if (strcmp(word, "--kind") == 0 && kind_of(value))
		asked->wish.kind = kind_of(value);
	else if (strcmp(word, "--most-wrong") == 0)
		asked->most_wrong = (unsigned long)number;
	else if (strcmp(word, "--prior") == 0)
		return shadow_prior(&asked->shadow, value);
	else if (strcmp(word, "--try") == 0)
		return shadow_try(&asked->shadow, value);
	else if (strcmp(word, "--write") == 0)
		asked->write = value;
	else
		return false;
	return true;
}

static bool parse(int argc, char **argv, struct asked *asked)
{
	for (int i = 1; i < argc; i++) {
		if (take_flag(asked, argv[i]))
			continue;
		if (i + 1 >= argc || !take_value(asked, argv[i], argv[i + 1]))
			return false;
		i++;
	}
	return true;
}

static bool one(struct asked *asked, uint64_t seed, struct sim_case *c, struct table *table)
{
	struct run run = {0};
	struct graded graded;
	struct show_file file = {.path = asked->write};
	case_make(seed, &asked->wish, c);
	if (!show_open(&file, &run))
		return false;
	run_case(c, &run);
	check_judgement(c, &run.result.verdict.judgement, &graded);
	const char *rude = check_manners(&run);
	bool bad = graded.grade == GRADE_WRONG || rude;
	if (asked->show || (bad && table->all.grades[GRADE_WRONG] + table->rude < asked->wrong))
		show_run(c, &run, &graded, rude, asked->show);
	bool ok = table_add(table, c, &run, &run.result.verdict.judgement, &graded) &&
		  show_close(&file, &run);
	if (asked->shadow.on)
		ok = shadow_add(&asked->shadow, c, &run, &graded) && ok;
	run_free(&run);
	return ok;
}

static double seconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	struct asked asked = {.runs = 1000, .seed = 1, .wrong = 20, .shadow = shadow_none()};
	struct table table = {0};
	if (!parse(argc, argv, &asked))
		return usage();
	asked.shadow.whole = asked.show;
	struct sim_case *c = calloc(1, sizeof(*c));
	bool ok = c != NULL;
	double started = seconds();
	for (unsigned long i = 0; i < asked.runs && ok; i++)
		ok = one(&asked, asked.seed + i, c, &table);
	double took = seconds() - started;
	if (ok && !asked.show) {
		table_print(&table);
		table_print_costs(&table);
		if (asked.shadow.on)
			shadow_print(&asked.shadow);
		printf("\n%lu runs in %.1f s, %.0f a second\n", asked.runs, took,
		       (double)asked.runs / took);
	}
	bool many = asked.most_wrong && 1000.0 * table.all.grades[GRADE_WRONG] >
						(double)(asked.most_wrong * asked.runs);
	bool bad = table.rude || many || table_overconfident(table.verdicts) > 0;
	if (c)
		queue_free(&c->net.queue);
	free(c);
	table_free(&table);
	table_free(&asked.shadow.table);
	return !ok ? 2 : bad ? 1 : 0;
}
