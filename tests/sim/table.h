/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SIM_TABLE_H
#define SIM_TABLE_H

/*
 * Many simulated measurements in tables: how often what was said was true, how
 * long it took, how many packets.
 */

#include "check.h"
#include <stdint.h>

#define TABLE_BINS 10

struct bin {
	unsigned n, right;
	double sum; /* of the probabilities stated */
};

struct tally {
	unsigned grades[GRADES];
};

struct table {
	struct bin verdicts[TABLE_BINS]; /* the confidence, against whether it was right */
	struct bin suspects[TABLE_BINS]; /* each suspect's probability, against the culprit */
	struct tally kinds[CASE_KINDS], losses[LOSS_CLASSES], all;
	unsigned accused, misplaced, rude;
	double allowed; /* wrong answers that the stated probabilities admit to */
	struct sample {
		float took_ms, confidence; /* confidence below 0: none */
		uint16_t syns;
		uint8_t kind, loss, servers, grade;
		uint16_t rtt_ms;
		uint8_t clean;
	} * samples;
	size_t samples_n, samples_cap;
};

/* Counts a measurement and what was judged of it. False when there is no memory. */
bool table_add(struct table *t, const struct sim_case *c, const struct run *run,
	       const struct judgement *j, const struct graded *graded);
void table_free(struct table *t);

/* The upper end of the 95 % Wilson interval of a share. */
double table_wilson_upper(unsigned right, unsigned n);
double table_wilson_lower(unsigned right, unsigned n);

/* Bins of 100 and more whose share that was right lies provably below what was stated. */
unsigned table_overconfident(const struct bin bins[TABLE_BINS]);

void table_print(const struct table *t);

/* Durations and packets by what was measured, on standard output. */
void table_print_costs(const struct table *t);

#endif
