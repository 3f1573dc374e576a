/* SPDX-License-Identifier: BSD-2-Clause */
#include "state/past.h"
#include <stdlib.h>

void past_sum(struct past_sums *sums, const struct run_record *run, const struct tracker_news *news)
{
	bool failed = run_worth(run->status) == RUN_FAILED;

	sums->runs[failed ? PAST_FAILED : run->condition.state]++;
	sums->changes += news->ended;
	sums->target.accepted += run->target.accepted;
	sums->target.reset += run->target.reset;
	sums->target.icmp += run->target.icmp;
	sums->target.silent += run->target.silent;
	sums->control.accepted += run->control.accepted;
	sums->control.reset += run->control.reset;
	sums->control.icmp += run->control.icmp;
	sums->control.silent += run->control.silent;
}

const struct past_period *past_lasting(const struct past *past)
{
	const struct past_period *last =
		past->periods_n ? &past->periods[past->periods_n - 1] : NULL;

	return last && !last->period.until_us ? last : NULL;
}

void past_free(struct past *past)
{
	free(past->runs);
	free(past->periods);
	free(past->gaps);
	free(past->servers);
	arena_free(&past->arena);
	*past = (struct past){0};
}
