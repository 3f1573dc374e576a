/* SPDX-License-Identifier: BSD-2-Clause */
#include "shadow.h"
#include "infer/scene/build.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LEAST 0.002 /* nothing counts as less likely than that */
#define SHOWN 0.01

struct shadow_run shadow_none(void)
{
	return (struct shadow_run){.prior = prior_table};
}

/* Sets a number of *prior from "name=value"; false when it has no such. */
static bool set(struct prior *prior, const char *text)
{
	const struct {
		const char *name;
		double *value;
	} rows[] = {
#define SHADOW_ROW(word, number, source) {#word, &prior->word},
		PRIOR_TABLE(SHADOW_ROW)
#undef SHADOW_ROW
	};
	size_t len = strcspn(text, "=");
	if (text[len] != '=')
		return false;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (strlen(rows[i].name) != len || strncmp(rows[i].name, text, len) != 0)
			continue;
		*rows[i].value = strtod(text + len + 1, NULL);
		return true;
	}
	return false;
}

bool shadow_prior(struct shadow_run *shadow, const char *text)
{
	return set(&shadow->prior, text);
}

bool shadow_try(struct shadow_run *shadow, const char *text)
{
	struct shadow_try *t = &shadow->tries[shadow->tries_n];
	if (shadow->tries_n == SHADOW_TRIES)
		return false;
	*t = (struct shadow_try){.text = text, .prior = shadow->prior};
	shadow->tries_n++;
	return set(&t->prior, text);
}

/* What the judgement gives to the truth: to the state, and to the culprit where there is one. */
static double given(const struct sim_case *c, const struct judgement *j)
{
	bool right = (c->truth.states & (1u << j->state)) != 0;
	double sure = j->has_confidence ? j->confidence : 0.5, party = 0;
	if (j->state == STATE_UNKNOWN)
		return 0.25;
	if (j->state == STATE_OPEN)
		return right ? sure : 1 - sure;
	for (size_t i = 0; i < j->suspects_n; i++) {
		if (j->suspects[i].blocker == check_culprit(&c->truth, j))
			party = j->suspects[i].probability;
	}
	return right ? party : 0;
}

static void show(const struct sim_case *c, const struct judgement *rules,
		 const struct graded *rules_graded, const struct judgement *model,
		 const struct graded *graded)
{
	printf("seed %llu %s: rules %s %s (%s), model %s %s (%s)", (unsigned long long)c->seed,
	       case_kind_name(c->kind), state_name(rules->state), blocker_name(rules->blocker),
	       check_grade_name(rules_graded->grade), state_name(model->state),
	       blocker_name(model->blocker), check_grade_name(graded->grade));
	if (graded->grade == GRADE_WRONG)
		printf(" model: %s;", graded->why);
	if (rules_graded->grade == GRADE_WRONG)
		printf(" rules: %s;", rules_graded->why);
	for (size_t i = 0; i < model->suspects_n; i++)
		printf(" %s %.3f", blocker_name(model->suspects[i].blocker),
		       model->suspects[i].probability);
	printf("\n");
}

/* What is believed of each server, as far as it matters. */
static void show_beliefs(const struct shadow_run *shadow, const struct run *run)
{
	static const char *const units[UNITS] = {"all", "flow", "probe"};
	struct model_result model = {0};
	struct scene scene;
	bool ok = scene_build(&scene, &run->trace) == 0 &&
		  model_judge(&scene, &shadow->prior, &model) == 0;
	for (size_t s = 0; ok && s < model.servers_n; s++) {
		const struct model_server *m = &model.servers[s];
		const struct posterior *post = &model.groups[m->group];
		if (!m->applies)
			continue;
		const struct way *way = &post->ways[m->way];
		printf("  server %zu at hop %d: nobody %.3f, something else %.3f\n", s, way->end,
		       post->beliefs[m->way].nobody, post->beliefs[m->way].something_else);
		for (int h = 0; h < post->hypotheses_n; h++) {
			for (int x = 1; x <= way_last(way); x++) {
				double p = posterior_at(post, m->way, h, x);
				if (p >= SHOWN)
					printf("    %s %s at %d%s: %.3f\n",
					       deed_row(post->hypotheses[h].deed)->name,
					       units[post->hypotheses[h].unit], way_hop(x),
					       way_is_out(x)  ? ".out"
					       : way_is_in(x) ? ".in"
							      : " link",
					       p);
			}
		}
	}
	model_free(&model);
	scene_free(&scene);
}

/* The logarithm of what a judgement gives to the truth. */
static double score(const struct sim_case *c, const struct judgement *j)
{
	double p = given(c, j);
	return log(p > LEAST ? p : LEAST);
}

/* Judges the run once more for each number that is tried. False when there is no memory. */
static bool add_tries(struct shadow_run *shadow, const struct sim_case *c, const struct run *run)
{
	for (size_t i = 0; i < shadow->tries_n; i++) {
		struct shadow_try *t = &shadow->tries[i];
		struct alone model;
		struct graded graded;
		if (alone_judge(&run->trace, &t->prior, &model) != 0)
			return false;
		check_judgement(c, &model.judgement, &graded);
		t->score += score(c, &model.judgement);
		t->grades[graded.grade]++;
	}
	return true;
}

bool shadow_add(struct shadow_run *shadow, const struct sim_case *c, const struct run *run,
		const struct graded *rules)
{
	struct alone model;
	struct graded graded;
	if (alone_judge(&run->trace, &shadow->prior, &model) != 0)
		return false;
	check_judgement(c, &model.judgement, &graded);
	shadow->score += score(c, &model.judgement);
	shadow->pairs[rules->grade][graded.grade]++;
	if (rules->grade != graded.grade || graded.grade == GRADE_WRONG)
		show(c, &run->result.verdict.judgement, rules, &model.judgement, &graded);
	if (shadow->whole)
		show_beliefs(shadow, run);
	return add_tries(shadow, c, run) &&
	       table_add(&shadow->table, c, run, &model.judgement, &graded);
}

void shadow_print(const struct shadow_run *shadow)
{
	printf("\nthe model beside the rules: its grade by theirs\n%-12s", "");
	for (int i = 0; i < GRADES; i++)
		printf(" %12s", check_grade_name((enum grade)i));
	for (int r = 0; r < GRADES; r++) {
		printf("\n%-12s", check_grade_name((enum grade)r));
		for (int i = 0; i < GRADES; i++)
			printf(" %12u", shadow->pairs[r][i]);
	}
	printf("\nscore %.1f\n", shadow->score);
	for (size_t i = 0; i < shadow->tries_n; i++) {
		const struct shadow_try *t = &shadow->tries[i];
		printf("try %s score %.2f exact %u wrong %u\n", t->text, t->score,
		       t->grades[GRADE_EXACT], t->grades[GRADE_WRONG]);
	}
	printf("\n");
	table_print(&shadow->table);
}
