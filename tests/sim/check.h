/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SIM_CHECK_H
#define SIM_CHECK_H

/*
 * A simulated measurement against the truth.
 */

#include "case.h"
#include "run.h"

enum grade {
	GRADE_EXACT,	 /* the state, and the culprit by name where there is one */
	GRADE_SUSPECTED, /* the state; the culprit is among the suspects */
	GRADE_ADMITTED,	 /* no verdict */
	GRADE_WRONG,
	GRADES,
};

struct graded {
	enum grade grade;
	bool accused;	/* somebody innocent is named, or the culprit is no suspect */
	bool misplaced; /* the link excludes the place */
	char why[160];
};

void check_judgement(const struct sim_case *c, const struct judgement *j, struct graded *out);

/* Who is to be named: where two may be, the one that is suspected. */
enum blocker check_culprit(const struct truth *truth, const struct judgement *j);

const char *check_grade_name(enum grade grade);

/* What the rules of politeness forbid, or NULL. */
const char *check_manners(const struct run *run);

#endif
