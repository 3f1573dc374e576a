/* SPDX-License-Identifier: BSD-2-Clause */
/* What makes a place wider, or a claim none: losses, short ways back, other people's addresses. */
#include "infer/infer.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "claim_rows.h"

struct row {
	const char *words;
	const char *rule;
	enum state state;
	int from_hop, to_hop; /* -1: no place */
};

static const struct row rows[] = {
	/* Three pairs are enough where nothing is lost, and too few where controls are. */
	{CONTROL "6xt*. 3xt1e 3xt2e 3xt3. 3xt4.", "silence", STATE_BLOCKED, 2, 3},
	{CONTROL "1xc*. 6xt*. 3xt1e 3xt2e 3xt3. 3xt4.", "silence", STATE_BLOCKED, 2, 4},
	{CONTROL "1xc*. 3xc3e 6xt*. 3xt1e 3xt2e 6xt3. 3xt4.", "silence", STATE_BLOCKED, 2, 3},
	/* The server's distance and way back: but did nobody before it reset? */
	{CONTROL "3xt*r61 1xt1e 1xt2e 1xt3e 3xt4r61", "reset-by-server", STATE_CLOSED, 4, 4},
	{CONTROL "3xt*r61 1xt1e 1xt2e 1xt3. 3xt4r61", "reset-by-server", STATE_BLOCKED, 2, 4},
	/* One hop short of the control's distance, from as far back: by a shorter way, perhaps. */
	{CONTROL "3xt*r61 1xt1e 1xt2e 3xt3r61", "reset-nearer", STATE_BLOCKED, 2, 4},
	/* A single answer that was a SYN-ACK is no refusal of the server's. */
	{CONTROL "1xt*. 1xt1e 1xt2e 1xt3e 1xt4w61", "cannot-tell", STATE_UNKNOWN, -1, -1},
	/* SYNs that all ways let expire at the control's distance were not lost. */
	{CONTROL "6xt*s 1xt1e 1xt2e 1xt3e 4xt4e", "open", STATE_OPEN, -1, -1},
};

static void judge_row(const struct row *row)
{
	struct judged found;
	assert_true(judge_words(row->words, &found));
	assert_string_equal(found.claim.rule, row->rule);
	assert_int_equal(found.claim.state, row->state);
	assert_int_equal(found.from, row->from_hop);
	assert_int_equal(found.to, row->to_hop);
}

static void each_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		judge_row(&rows[i]);
}

static void name(struct trace *t, struct addr addr, enum segment role)
{
	struct network n = {.prefix = {.addr = addr, .len = 32}, .has_role = true, .by_user = true};
	n.role = role;
	assert_true(trace_add_network(t, &n));
}

static unsigned suspects_of(const struct judgement *j)
{
	unsigned bits = 0;
	for (size_t i = 0; i < j->suspects_n; i++)
		bits |= 1u << j->suspects[i].blocker;
	return bits;
}

/* Resets from the server's distance, behind its own edge: from as far as that they are its edge's.
 */
static void by_the_edge(void **state)
{
	static const struct {
		const char *words;
		enum state state;
	} cases[] = {
		{CONTROL "3xt*r61 1xt1e 1xt2e 1xt3e 3xt4r61", STATE_CLOSED},
		{CONTROL "3xt*r62 1xt1e 1xt2e 1xt3e 3xt4r62", STATE_BLOCKED},
		/* Once the server answered from as far itself. */
		{CONTROL "1xc*s62 3xt*r62 1xt1e 1xt2e 1xt3e 3xt4r62", STATE_CLOSED},
		/* They start with another TTL than its SYN-ACKs. */
		{CONTROL "3xt*r253 1xt1e 1xt2e 1xt3e 3xt4r253", STATE_BLOCKED},
		{CONTROL "3xt*r252 1xt1e 1xt2e 1xt3e 3xt4r252", STATE_CLOSED},
		{CONTROL "3xt*r60 1xt1e 1xt2e 1xt3e 3xt4r60", STATE_CLOSED},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct trace t;
		struct result result;
		trace_init(&t);
		script_route(&t);
		uint32_t s = script_server(&t, 113);
		name(&t, script_router(3), SEGMENT_REMOTE);
		script_run(&t, s, cases[i].words);
		assert_int_equal(infer_judge(&t, &result), 0);
		const struct judgement *j = &result.verdict.judgement;
		assert_int_equal(j->blocker, BLOCKER_REMOTE);
		assert_int_equal(j->state, cases[i].state);
		assert_int_equal(j->mechanism, cases[i].state == STATE_CLOSED
						       ? MECHANISM_CLOSED
						       : MECHANISM_TCP_RESET);
		result_free(&result);
		trace_free(&t);
	}
}

/* Quoted as behind hop 2, which is the provider's, but signed by a transit's router. */
static void signed_by_another(void **state)
{
	struct trace t;
	struct result result;
	(void)state;
	trace_init(&t);
	script_route(&t);
	uint32_t s = script_server(&t, 113);
	name(&t, script_router(2), SEGMENT_ISP);
	name(&t, script_router(3), SEGMENT_ISP);
	name(&t, script_router(9), SEGMENT_TRANSIT);
	script_run(&t, s, CONTROL "3xt*i9/62 1xt1e 1xt2e");
	for (uint32_t i = 0; i < t.replies_n; i++) {
		if (t.replies[i].kind == REPLY_REJECTED)
			t.replies[i].from = script_router(9);
	}
	assert_int_equal(infer_judge(&t, &result), 0);
	const struct judgement *j = &result.verdict.judgement;
	assert_int_equal(j->blocker, BLOCKER_UNKNOWN);
	assert_true(suspects_of(j) & (1u << BLOCKER_TRANSIT));
	assert_true(suspects_of(j) & (1u << BLOCKER_ISP));
	result_free(&result);
	trace_free(&t);
}

/* Two servers show a complete way, one by bad luck a boundary: it does not speak for all. */
static void most_servers_speak(void **state)
{
	struct trace t;
	struct result result;
	(void)state;
	trace_init(&t);
	script_route(&t);
	for (uint8_t n = 113; n < 116; n++) {
		uint32_t s = script_server(&t, n);
		script_run(&t, s,
			   n == 114 ? CONTROL "6xt*. 3xt1e 6xt2. 6xt3. 3xt4."
				    : CONTROL "6xt*. 3xt1e 3xt2e 3xt3e 3xt4.");
	}
	assert_int_equal(infer_judge(&t, &result), 0);
	const struct judgement *j = &result.verdict.judgement;
	assert_int_equal(j->state, STATE_BLOCKED);
	assert_int_equal(j->blocker, BLOCKER_UNKNOWN);
	assert_true(suspects_of(j) & (1u << BLOCKER_REMOTE));
	result_free(&result);
	trace_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_row),
		cmocka_unit_test(by_the_edge),
		cmocka_unit_test(signed_by_another),
		cmocka_unit_test(most_servers_speak),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
