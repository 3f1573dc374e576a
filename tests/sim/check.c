/* SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"
#include <stdio.h>
#include <string.h>

#define FULL_MAX   30
#define SECOND_MAX 512 /* 500, and what is caught up on after a delay */
#define BUDGET_NS  INT64_C(15100000000)

const char *check_grade_name(enum grade grade)
{
	static const char *const names[GRADES] = {"exact", "suspected", "admitted", "WRONG"};
	return names[grade];
}

static bool suspected(const struct judgement *j, enum blocker blocker)
{
	for (size_t i = 0; i < j->suspects_n; i++) {
		if (j->suspects[i].blocker == blocker)
			return true;
	}
	return false;
}

enum blocker check_culprit(const struct truth *truth, const struct judgement *j)
{
	bool other = truth->also != BLOCKER_NONE && !suspected(j, truth->culprit) &&
		     suspected(j, truth->also);
	return other ? truth->also : truth->culprit;
}

static bool tells_party(enum state state)
{
	return state != STATE_OPEN && state != STATE_UNKNOWN;
}

static void check_party(const struct truth *truth, const struct judgement *j, struct graded *out)
{
	bool named = j->blocker != BLOCKER_UNKNOWN;
	enum blocker culprit = check_culprit(truth, j);
	if (named && j->blocker == culprit)
		return;
	out->grade = GRADE_SUSPECTED;
	/* No suspects at all: nobody is accused. */
	if (!named && (j->suspects_n == 0 || suspected(j, culprit)))
		return;
	out->grade = GRADE_WRONG;
	out->accused = true;
	snprintf(out->why, sizeof(out->why), "%s %s, the truth is %s", state_name(j->state),
		 named ? blocker_name(j->blocker) : "suspects others", blocker_name(culprit));
}

static void check_place(const struct truth *truth, const struct judgement *j, struct graded *out)
{
	if (!truth->placed || !j->link.known ||
	    (j->link.from_hop <= truth->lo_max && j->link.to_hop >= truth->hi_min))
		return;
	out->grade = GRADE_WRONG;
	out->misplaced = true;
	snprintf(out->why, sizeof(out->why), "link %d-%d, the truth is %d-%d", j->link.from_hop,
		 j->link.to_hop, truth->lo_max, truth->hi_min);
}

void check_judgement(const struct sim_case *c, const struct judgement *j, struct graded *out)
{
	*out = (struct graded){.grade = GRADE_EXACT};
	if (j->state == STATE_UNKNOWN) {
		out->grade = GRADE_ADMITTED;
		return;
	}
	if (!(c->truth.states & (1u << j->state))) {
		out->grade = GRADE_WRONG;
		out->accused = tells_party(j->state);
		snprintf(out->why, sizeof(out->why), "%s %s, the truth is %s %s",
			 state_name(j->state), blocker_name(j->blocker), case_kind_name(c->kind),
			 blocker_name(c->truth.culprit));
		return;
	}
	if (!tells_party(j->state))
		return;
	check_party(&c->truth, j, out);
	check_place(&c->truth, j, out);
}

const char *check_manners(const struct run *run)
{
	if (run->full_most > FULL_MAX)
		return "more than 30 SYNs with unlimited TTL to one port";
	if (run->second_most > SECOND_MAX)
		return "more than 500 SYNs in a second";
	if (run->doubled)
		return "a SYN met another on its 5-tuple";
	if (run->took_ns > BUDGET_NS)
		return "longer than the budget";
	return NULL;
}
