/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads the input as the facts of a run: what is accepted must come back the same, and be judged.
 */
#include "fuzz_check.h"
#include "report/json/record.h"
#include "trace/facts.h"
#include <jansson.h>

/* The facts written and read again are the same facts. */
static void check_round_trip(const struct trace *t)
{
	struct err err = {0};
	struct trace again;
	json_t *first = facts_encode(t), *second;

	require(first);
	trace_init(&again);
	require(facts_decode(first, &again, &err) == 0);
	second = facts_encode(&again);
	require(second && json_equal(first, second));
	json_decref(first);
	json_decref(second);
	trace_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = size ? (const char *)data : "";
	struct record record = {0};
	struct err err = {0};
	struct trace trace;
	json_t *facts = json_loadb(text, size, JSON_REJECT_DUPLICATES, NULL);

	if (!facts)
		return 0;
	trace_init(&trace);
	if (facts_decode(facts, &trace, &err) == 0) {
		check_round_trip(&trace);
		judge_and_check(&trace);
	} else {
		require(err.code != 0 && err.msg[0]);
	}
	(void)record_decode(facts, &record);
	record_free(&record);
	trace_free(&trace);
	json_decref(facts);
	return 0;
}
