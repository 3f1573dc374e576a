/* SPDX-License-Identifier: BSD-2-Clause */
#include "table.h"
#include "base/array.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define Z95	  1.959964
#define BIN_COUNT 100 /* fewer say too little */

static const double edges[TABLE_BINS] = {0, 0.3, 0.45, 0.6, 0.75, 0.9, 0.95, 0.97, 0.985, 0.995};

static struct bin *bin_of(struct bin bins[TABLE_BINS], double p)
{
	size_t at = 0;
	while (at + 1 < TABLE_BINS && p >= edges[at + 1])
		at++;
	return &bins[at];
}

static void add(struct bin bins[TABLE_BINS], double p, bool right)
{
	struct bin *bin = bin_of(bins, p);
	bin->n++;
	bin->right += right;
	bin->sum += p;
}

static void add_stated(struct table *t, const struct sim_case *c, const struct judgement *j,
		       const struct graded *graded)
{
	if (j->has_confidence && j->state != STATE_UNKNOWN) {
		add(t->verdicts, j->confidence, graded->grade != GRADE_WRONG);
		t->allowed += 1 - j->confidence;
	}
	/* Who it is, given that something blocks, is a question of its own. */
	bool asked = j->state == STATE_BLOCKED && (c->truth.states & (1u << STATE_BLOCKED));
	for (size_t i = 0; asked && i < j->suspects_n; i++)
		add(t->suspects, j->suspects[i].probability,
		    j->suspects[i].blocker == check_culprit(&c->truth, j));
}

bool table_add(struct table *t, const struct sim_case *c, const struct run *run,
	       const struct judgement *j, const struct graded *graded)
{
	t->kinds[c->kind].grades[graded->grade]++;
	t->losses[c->loss].grades[graded->grade]++;
	t->all.grades[graded->grade]++;
	t->accused += graded->accused;
	t->misplaced += graded->misplaced;
	t->rude += check_manners(run) != NULL;
	add_stated(t, c, j, graded);
	if (!array_reserve(&t->samples, &t->samples_cap, t->samples_n + 1, sizeof(*t->samples)))
		return false;
	t->samples[t->samples_n++] = (struct sample){
		.took_ms = (float)((double)run->took_ns / 1e6),
		.confidence = (float)(j->has_confidence ? j->confidence : -1),
		.syns = (uint16_t)run->syns,
		.kind = (uint8_t)c->kind,
		.loss = (uint8_t)c->loss,
		.servers = (uint8_t)c->net.servers_n,
		.grade = (uint8_t)graded->grade,
		.rtt_ms = (uint16_t)c->rtt_ms,
		.clean = c->clean,
	};
	return true;
}

void table_free(struct table *t)
{
	free(t->samples);
	*t = (struct table){0};
}

static double wilson(unsigned right, unsigned n, double z)
{
	if (n == 0)
		return z > 0 ? 1 : 0;
	double p = (double)right / n, zz = z * z / n;
	double middle = p + zz / 2;
	double half = z * sqrt(p * (1 - p) / n + zz / (4 * n));
	return (middle + half) / (1 + zz);
}

double table_wilson_upper(unsigned right, unsigned n)
{
	return wilson(right, n, Z95);
}

double table_wilson_lower(unsigned right, unsigned n)
{
	return wilson(right, n, -Z95);
}

unsigned table_overconfident(const struct bin bins[TABLE_BINS])
{
	unsigned found = 0;
	for (size_t i = 0; i < TABLE_BINS; i++) {
		const struct bin *b = &bins[i];
		found += b->n >= BIN_COUNT && table_wilson_upper(b->right, b->n) < b->sum / b->n;
	}
	return found;
}

static void print_bins(const char *title, const struct bin bins[TABLE_BINS])
{
	printf("\n%-24s %8s %8s %8s %8s  %s\n", title, "count", "stated", "right", "share",
	       "95 % interval");
	for (size_t i = 0; i < TABLE_BINS; i++) {
		const struct bin *b = &bins[i];
		if (!b->n)
			continue;
		double upper = table_wilson_upper(b->right, b->n);
		printf("%5.3f to %5.3f           %8u %8.4f %8u %8.4f  %.4f to %.4f%s\n", edges[i],
		       i + 1 < TABLE_BINS ? edges[i + 1] : 1.0, b->n, b->sum / b->n, b->right,
		       (double)b->right / b->n, table_wilson_lower(b->right, b->n), upper,
		       b->n >= BIN_COUNT && upper < b->sum / b->n ? "  OVERCONFIDENT" : "");
	}
}

static void print_tally(const char *name, const struct tally *tally)
{
	unsigned n = 0;
	for (size_t i = 0; i < GRADES; i++)
		n += tally->grades[i];
	if (!n)
		return;
	printf("%-12s %8u", name, n);
	for (size_t i = 0; i < GRADES; i++)
		printf(" %6u %4.1f%%", tally->grades[i], 100.0 * tally->grades[i] / n);
	printf("\n");
}

void table_print(const struct table *t)
{
	static const char *const losses[LOSS_CLASSES] = {"no loss", "to 10 %", "to 30 %",
							 "to 60 %"};
	printf("%-12s %8s", "", "count");
	for (int i = 0; i < GRADES; i++)
		printf(" %12s", check_grade_name((enum grade)i));
	printf("\n");
	for (int i = 0; i < CASE_KINDS; i++)
		print_tally(case_kind_name((enum case_kind)i), &t->kinds[i]);
	for (int i = 0; i < LOSS_CLASSES; i++)
		print_tally(losses[i], &t->losses[i]);
	print_tally("all", &t->all);
	printf("wrong parties %u, wrong places %u; wrong in all %u, of which the stated "
	       "probabilities admit to %.1f; impolite %u\n",
	       t->accused, t->misplaced, t->all.grades[GRADE_WRONG], t->allowed, t->rude);
	print_bins("verdicts: probability", t->verdicts);
	print_bins("suspects: probability", t->suspects);
}
