/* SPDX-License-Identifier: BSD-2-Clause */
/* Where rules and model differ about who blocks, nobody is named. */
#include "infer/model/model.h"
#include "infer/vote/vote.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define SURE 0.975

static bool near(double a, double b)
{
	return fabs(a - b) < 1e-9;
}

/* A verdict of one party. */
static struct judgement names(enum blocker blocker, double probability, int from, int to)
{
	struct judgement j = {
		.state = STATE_BLOCKED,
		.blocker = blocker,
		.mechanism = MECHANISM_TCP_RESET,
		.has_confidence = true,
		.confidence = SURE * probability,
		.link = {.known = true, .from_hop = from, .to_hop = to},
	};
	judgement_suspect(&j, (struct suspect){blocker, j.mechanism, probability, "by rule"});
	return j;
}

/* What comes of it beside a model that gives so much to the party and to the provider. */
static struct doubt doubted(struct judgement *j, double local, double isp, struct arena *arena)
{
	struct model_server server = {.applies = true};
	struct model_result model = {.servers = &server, .servers_n = 1};
	struct votes v = {.model = &model};
	server.judgement = names(BLOCKER_LOCAL_NETWORK, local, 1, 2);
	judgement_suspect(&server.judgement,
			  (struct suspect){BLOCKER_ISP, MECHANISM_TCP_RESET, isp, NULL});
	return doubt_name(&v, 0, SURE, j, arena);
}

static void test_agreement_changes_nothing(void **state)
{
	(void)state;
	struct arena arena = {0};
	struct judgement j = names(BLOCKER_LOCAL_NETWORK, 0.99, 2, 2);
	struct doubt doubt = doubted(&j, 0.9, 0.1, &arena);
	assert_int_equal(doubt.accused, BLOCKER_NONE);
	assert_int_equal(j.blocker, BLOCKER_LOCAL_NETWORK);
	assert_int_equal(j.suspects_n, 1);
	assert_int_equal(j.link.from_hop, 2);
	assert_true(near(j.confidence, SURE * 0.99));
	arena_free(&arena);
}

static void test_doubt_names_nobody(void **state)
{
	(void)state;
	struct arena arena = {0};
	struct judgement j = names(BLOCKER_LOCAL_NETWORK, 0.99, 2, 2);
	struct doubt doubt = doubted(&j, 0.6, 0.36, &arena);
	assert_int_equal(doubt.accused, BLOCKER_LOCAL_NETWORK);
	assert_true(near(doubt.probability, 0.6));
	assert_int_equal(j.state, STATE_BLOCKED);
	assert_int_equal(j.blocker, BLOCKER_UNKNOWN);
	assert_true(near(j.confidence, SURE));
	assert_int_equal(j.suspects_n, 2);
	assert_int_equal(j.suspects[0].blocker, BLOCKER_LOCAL_NETWORK);
	/* The model left out 0.04: whoever is suspected has it, and all of them are certain. */
	assert_true(near(j.suspects[0].probability, 0.795 / 0.975));
	assert_string_equal(j.suspects[0].text, "by rule");
	assert_int_equal(j.suspects[1].blocker, BLOCKER_ISP);
	assert_true(near(j.suspects[1].probability, 0.18 / 0.975));
	assert_non_null(j.suspects[1].text);
	/* The place covers both. */
	assert_int_equal(j.link.from_hop, 1);
	assert_int_equal(j.link.to_hop, 2);
	arena_free(&arena);
}

static void test_nobody_else_is_asked(void **state)
{
	(void)state;
	struct arena arena = {0};
	struct judgement host = names(BLOCKER_LOCAL_HOST, 0.99, 0, 0), alone = host;
	struct votes without = {.model = NULL};
	/* This host's own facts are no guess. */
	assert_int_equal(doubted(&host, 0.6, 0.4, &arena).accused, BLOCKER_NONE);
	assert_int_equal(host.blocker, BLOCKER_LOCAL_HOST);
	alone.blocker = BLOCKER_ISP;
	assert_int_equal(doubt_name(&without, 0, SURE, &alone, &arena).accused, BLOCKER_NONE);
	assert_int_equal(alone.blocker, BLOCKER_ISP);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_agreement_changes_nothing),
		cmocka_unit_test(test_doubt_names_nobody),
		cmocka_unit_test(test_nobody_else_is_asked),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
