/* SPDX-License-Identifier: BSD-2-Clause */
/* Who speaks beside a server: each address once a port, each network once, however many there are.
 */
#include "infer/infer.h"
#include "infer/rules/claim.h"
#include "infer/scene/build.h"
#include "infer/scene/others.h"
#include "infer/vote/company.h"
#include "trace_script.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define NAMES	5
#define MANY	10000
#define SILENCE "3xc*s 3xc1e 3xc2e 3xc3e 3xt1e 3xt2e 3xt3. 4xt*."

/* One more name of server 0's address, asked on this port. */
static uint32_t add_name(struct trace *t, uint16_t port)
{
	uint32_t s = script_server(t, 1);
	t->servers[s].port = port;
	return s;
}

static unsigned count(const struct scene *scene, uint32_t s, unsigned who)
{
	unsigned n = 0;
	OTHERS_EACH(o, scene, s, who)
	{
		assert_true(o.server != s || (who & OTHERS_AND_SELF));
		n++;
	}
	return n;
}

/* An address speaks once, and beside itself under no name; ports and networks are told apart. */
static void names_of_an_address(void **state)
{
	struct trace t;
	struct scene scene;
	(void)state;
	trace_init(&t);
	script_route(&t);
	for (uint8_t i = 1; i <= 3; i++)
		script_run(&t, script_server(&t, i), "3xc*s 3xt*s");
	uint32_t again = add_name(&t, SCRIPT_TARGET), other = add_name(&t, 2587);
	uint32_t neighbour = script_server(&t, 3);
	t.servers[neighbour].addr.b[3]++;
	t.servers[neighbour].peer = neighbour;
	assert_int_equal(scene_build(&scene, &t), 0);
	assert_false(others_speaks(&scene, again));
	assert_true(others_speaks(&scene, other));
	assert_int_equal(count(&scene, 0, OTHERS_PORT), 3);
	assert_int_equal(count(&scene, again, OTHERS_PORT), 3);
	assert_int_equal(count(&scene, again, OTHERS_PORT | OTHERS_AND_SELF), 4);
	assert_int_equal(count(&scene, other, OTHERS_PORT), 0);
	assert_int_equal(count(&scene, other, OTHERS_ANY), 3);
	assert_int_equal(count(&scene, 2, OTHERS_PORT | OTHERS_APART), 2);
	assert_int_equal(count(&scene, 0, OTHERS_PORT | OTHERS_ANSWER), 2);
	scene_free(&scene);
	trace_free(&t);
}

static void judge_names(const char *words, unsigned names, struct verdict *out, uint32_t *sites)
{
	struct trace t;
	struct result result;
	trace_init(&t);
	script_route(&t);
	uint32_t s = script_server(&t, 1);
	for (unsigned i = 1; i < names; i++)
		add_name(&t, SCRIPT_TARGET);
	script_run(&t, s, words);
	assert_int_equal(infer_judge(&t, &result), 0);
	assert_int_equal(result.findings_n, names);
	*out = result.verdict;
	*sites = 0;
	for (size_t i = 0; i < result.verdict.reasons_n; i++)
		*sites += strstr(result.verdict.reasons[i].text, "1 of 1 servers") != NULL;
	result_free(&result);
	trace_free(&t);
}

/*
 * The same packets say the same, by however many names their server was asked: losses are not
 * counted twice, nor is anybody surer.
 */
static void one_name_or_several(void **state)
{
	static const char *const cases[] = {
		"12xc*s 10xt*s 2xt*.",
		"12xc*s 9xt*s 3xt*.",
		"20xc*s 12xt*s 6xt*.",
		"12xc*s 1xc*. 9xt*s 4xt*.",
		SILENCE,
		"3xc*s 4xt*r60",
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct verdict one, several;
		uint32_t once, again;
		judge_names(cases[i], 1, &one, &once);
		judge_names(cases[i], NAMES, &several, &again);
		assert_int_equal(several.judgement.state, one.judgement.state);
		assert_int_equal(several.judgement.blocker, one.judgement.blocker);
		assert_true(several.judgement.confidence == one.judgement.confidence);
		assert_int_equal(again, once);
	}
}

/* Ten thousand servers, four a network: each network votes once. */
static void many_servers(void **state)
{
	struct trace t;
	struct scene scene;
	struct votes votes;
	struct claim *claims = calloc(MANY, sizeof(*claims));
	(void)state;
	assert_non_null(claims);
	trace_init(&t);
	script_route(&t);
	for (uint32_t i = 0; i < MANY; i++) {
		struct server server = {
			.host = "mx.example",
			.addr = addr_v4((uint8_t[4]){198, (uint8_t)(18 + (i >> 10)),
						     (uint8_t)(i >> 2), (uint8_t)(i % 4 + 1)}),
			.port = SCRIPT_TARGET,
			.controls = {SCRIPT_CONTROL},
			.controls_n = 1,
		};
		assert_true(trace_add_server(&t, &server));
		script_run(&t, i, i % 5 ? "1xc*s 1xt*." : "1xc*s 1xt*s");
	}
	assert_int_equal(scene_build(&scene, &t), 0);
	for (uint32_t i = 0; i < MANY; i++)
		claims[i].state = i % 5 ? STATE_BLOCKED : STATE_OPEN;
	assert_int_equal(votes_count(&votes, &scene, claims, NULL), 0);
	assert_int_equal(votes_in(&votes, 0, STATE_OPEN)->servers, MANY / 5);
	assert_int_equal(votes_in(&votes, 0, STATE_OPEN)->sites, MANY / 5);
	assert_int_equal(votes_in(&votes, 0, STATE_BLOCKED)->servers, MANY - MANY / 5);
	assert_int_equal(votes_in(&votes, 0, STATE_BLOCKED)->sites, MANY / 4);
	assert_int_equal(company_of(&votes, MANY - 1).sites_alike, MANY / 4);
	votes_free(&votes);
	scene_free(&scene);
	trace_free(&t);
	free(claims);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_of_an_address),
		cmocka_unit_test(one_name_or_several),
		cmocka_unit_test(many_servers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
