/* SPDX-License-Identifier: BSD-2-Clause */
/* What one server's flows say of another's. */
#include "infer/rules/claim.h"
#include "infer/scene/build.h"
#include "infer/scene/ways.h"
#include "infer/way/flows.h"
#include "trace_script.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define CONTROL "6xc*s 3xc1e 3xc2e 3xc3e 3xc4s "

struct pair {
	const char *one, *other; /* two servers' words */
	const char *rule;	 /* of the first */
	enum state state;
};

static const struct pair pairs[] = {
	/* Half of the other's flows fail: three of this one's are no finding, eight are. */
	{CONTROL "3xt*. 1xt1e 1xt2e 1xt3e", CONTROL "4xt*s 4xt*.", "flows-unlucky", STATE_UNKNOWN},
	{CONTROL "9xt*. 3xt1e 3xt2e 3xt3e", CONTROL "4xt*s 4xt*.", "silence", STATE_BLOCKED},
	/* The other loses none: that its SYNs came first makes no limit of this one's silence. */
	{CONTROL "8xt*. 3xt1e 3xt2e 3xt3e", CONTROL "4xt*s", "silence", STATE_BLOCKED},
	{CONTROL "8xt*. 3xt1e 3xt2e 3xt3e", "4xt*s " CONTROL, "silence", STATE_BLOCKED},
};

static void check_pair(const struct pair *pair)
{
	struct trace t;
	struct scene scene;
	struct claim claim;
	trace_init(&t);
	script_route(&t);
	uint32_t one = script_server(&t, 113), other = script_server(&t, 114);
	script_run(&t, other, pair->other);
	script_run(&t, one, pair->one);
	assert_int_equal(scene_build(&scene, &t), 0);
	claim_make(&scene, one, &claim);
	if (strcmp(claim.rule, pair->rule) != 0)
		print_message("%s beside %s: %s\n", pair->one, pair->other, claim.rule);
	assert_string_equal(claim.rule, pair->rule);
	assert_int_equal(claim.state, pair->state);
	scene_free(&scene);
	trace_free(&t);
}

static void each_pair(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++)
		check_pair(&pairs[i]);
}

static void read_ways(const char *words, struct ways *out)
{
	struct trace t;
	struct scene scene;
	trace_init(&t);
	script_route(&t);
	script_run(&t, script_server(&t, 113), words);
	assert_int_equal(scene_build(&scene, &t), 0);
	ways_read(&scene, 0, out);
	scene_free(&scene);
	trace_free(&t);
}

/* A flow that fails three times speaks for itself; one that passes once in three for chance. */
static void repeats_decide(void **state)
{
	struct ways ways;
	(void)state;
	read_ways(CONTROL "2xt*s 3xt*.@1 3xt*.@2", &ways);
	assert_int_equal(ways.passing, 2);
	assert_int_equal(ways.failing, 2);
	assert_int_equal(ways.mixed, 0);
	assert_true(ways.fixed > 2.0);
	read_ways(CONTROL "2xt*s 2xt*.@1 t*s@1 2xt*.@2 t*s@2", &ways);
	assert_int_equal(ways.mixed, 2);
	assert_true(ways.fixed < -WAYS_DECIDED);
}

/* Source ports 20017 and on pass, 30001 and on fail. */
static void source_ports_separate(void **state)
{
	struct ways ways;
	(void)state;
	read_ways(CONTROL "6xt*s t*.@1 t*.@2 t*.@3 t*.@4 t*.@5 t*.@6", &ways);
	assert_int_equal(ways.low, 30001);
	assert_int_equal(ways.high, 30006);
	read_ways(CONTROL "5xt*s t*s@3 t*.@1 t*.@2 t*.@4 t*.@5 t*.@6", &ways);
	assert_int_equal(ways.high, 0);
}

/* Where the control expires at the server's distance, too, so may the port: it is no failing flow.
 */
static void longer_ways(void **state)
{
	struct ways ways;
	(void)state;
	read_ways(CONTROL "6xt*s 3xt4.@1 3xt4.@2 3xt4.@3", &ways);
	assert_int_equal(ways.failing, 3);
	read_ways(CONTROL "2xc4e 6xt*s 3xt4.@1 3xt4.@2 3xt4.@3", &ways);
	assert_int_equal(ways.failing, 0);
	assert_int_equal(ways.passing, 6);
}

/* No flow is tried again of which nothing but the silence of a limited SYN is known. */
static void limited_silence(void **state)
{
	struct trace t;
	struct scene scene;
	struct flows flows;
	(void)state;
	trace_init(&t);
	script_route(&t);
	script_run(&t, script_server(&t, 113), CONTROL "t4.@1 t*.@2 t4s@3");
	assert_int_equal(scene_build(&scene, &t), 0);
	flows_read(&scene.paths[0], SCRIPT_TARGET, &flows);
	assert_int_equal(flows.n, 3);
	for (size_t i = 0; i < flows.n; i++) {
		assert_int_equal(flows.item[i].tries, 1);
		assert_int_equal(flows.item[i].unsure, flows.item[i].src_port == 30001);
	}
	scene_free(&scene);
	trace_free(&t);
}

/* Where the controls lose SYNs, a flow that lost a single one may be none that fails. */
static void lost_by_chance(void **state)
{
	static const char *const controls[] = {CONTROL "40xc*s ", CONTROL "2xc*. "};
	(void)state;
	for (int lossy = 0; lossy < 2; lossy++) {
		struct trace t;
		struct scene scene;
		struct flows flows;
		struct ways ways;
		trace_init(&t);
		script_route(&t);
		script_server(&t, 113);
		script_run(&t, 0, controls[lossy]);
		script_run(&t, 0, "4xt*s 3xt*.@1 3xt*.@2 t*.@3 t*r60@4");
		assert_int_equal(scene_build(&scene, &t), 0);
		ways_read(&scene, 0, &ways);
		flows_read(&scene.paths[0], SCRIPT_TARGET, &flows);
		assert_int_equal(flows.n, 8);
		ways_keep_sure(&ways, &flows);
		assert_int_equal(flows.n, lossy ? 7 : 8);
		for (size_t i = 0; lossy && i < flows.n; i++)
			assert_int_not_equal(flows.item[i].src_port, 30003);
		scene_free(&scene);
		trace_free(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_pair),
		cmocka_unit_test(repeats_decide),
		cmocka_unit_test(source_ports_separate),
		cmocka_unit_test(longer_ways),
		cmocka_unit_test(limited_silence),
		cmocka_unit_test(lost_by_chance),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
