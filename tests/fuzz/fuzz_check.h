/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef FUZZ_CHECK_H
#define FUZZ_CHECK_H

/*
 * What every trace and every result must keep, whatever the input was. A broken
 * promise ends the process, so that the fuzzer keeps the input.
 */

#include "infer/infer.h"
#include "trace/trace.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void require(bool holds)
{
	if (!holds)
		abort();
}

/* Every chain ends and leads to what it is the chain of. */
static inline void check_trace(const struct trace *t)
{
	size_t chained = 0;

	require(t->probes_n <= TRACE_PROBES_MAX && t->replies_n <= TRACE_REPLIES_MAX);
	for (size_t i = 0; i < t->probes_n; i++) {
		const struct probe *p = &t->probes[i];

		require(p->server < t->servers_n && t->servers[p->server].peer == p->server);
		for (uint32_t at = p->first_reply; at != TRACE_NONE; at = t->replies[at].next) {
			require(at < t->replies_n && t->replies[at].probe == i);
			chained++;
		}
	}
	require(chained == t->replies_n);
}

static inline void check_judgement(const struct judgement *j)
{
	double sum = 0;

	require(j->state <= STATE_UNKNOWN && j->blocker <= BLOCKER_UNKNOWN);
	require(j->mechanism <= MECHANISM_UNKNOWN && j->suspects_n <= RESULT_SUSPECTS_MAX);
	require(j->has_confidence == (j->state != STATE_UNKNOWN));
	require(!j->has_confidence || (j->confidence >= 0 && j->confidence <= 1));
	for (size_t i = 0; i < j->suspects_n; i++) {
		require(j->suspects[i].probability >= 0 && j->suspects[i].text);
		sum += j->suspects[i].probability;
	}
	require(j->suspects_n == 0 || (sum > 0.985 && sum < 1.01));
	require(!j->link.known || (j->link.from_hop >= 0 && j->link.from_hop <= j->link.to_hop));
	if (j->state == STATE_OPEN)
		require(j->blocker == BLOCKER_NONE);
	if (j->state == STATE_CLOSED)
		require(j->blocker == BLOCKER_REMOTE);
}

static inline void check_result(const struct trace *t, const struct result *r)
{
	require(r->findings_n == t->servers_n && r->verdict.sentence);
	check_judgement(&r->verdict.judgement);
	for (size_t i = 0; i < r->findings_n; i++)
		check_judgement(&r->findings[i].judgement);
	for (size_t i = 0; i < r->verdict.reasons_n; i++)
		require(r->verdict.reasons[i].text && r->verdict.reasons[i].rule);
}

static inline void judge_and_check(const struct trace *t)
{
	struct result result;

	check_trace(t);
	if (infer_judge(t, &result) != 0)
		return;
	check_result(t, &result);
	result_free(&result);
}

#endif
