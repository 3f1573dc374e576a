/* SPDX-License-Identifier: BSD-2-Clause */
/* What a router still has to answer, and what needs no router. */
#include "engine/pace.h"
#include "engine/past.h"
#include "trace_script.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define SECOND_NS (1000 * SCRIPT_MS)

/* What went where a router answers is its own, over all servers; other routers keep theirs. */
static void spent(void **state)
{
	struct trace t;
	(void)state;
	trace_init(&t);
	script_route(&t);
	script_run(&t, script_server(&t, 1), "2xc2e 1xt2. 1xc3e");
	script_run(&t, script_server(&t, 2), "1xc2e");
	script_run(&t, script_server(&t, 3), "3xc2.");
	struct addr second = past_router(&t, 0, 2), third = past_router(&t, 0, 3);
	struct addr none = past_router(&t, 2, 2);
	assert_false(addr_is_set(&none));
	assert_int_equal(past_expired(&t, &second, 2), 4);
	assert_int_equal(past_expired(&t, &third, 3), 1);
	trace_free(&t);
}

static void reaches(void **state)
{
	struct question q = {.port = SCRIPT_CONTROL, .ttl = 4};
	struct trace t;
	(void)state;
	trace_init(&t);
	script_run(&t, script_server(&t, 1), "1xc3e 1xc4s 1xt3s");
	assert_true(past_reaches(&t, &q));
	q.ttl = 3;
	assert_false(past_reaches(&t, &q));
	trace_free(&t);
}

/* A router that becomes known starts with what it has left; then one a second. */
static void tokens(void **state)
{
	struct pace pace = {0};
	struct pace_bucket key = {.router = script_router(2), .family = 4, .ttl = 2, .tokens = 2};
	int64_t when = 0;
	(void)state;
	assert_false(pace_knows(&pace, &key));
	assert_true(pace_take(&pace, &key, 2, SECOND_NS, &when));
	assert_true(pace_knows(&pace, &key));
	assert_false(pace_take(&pace, &key, 1, SECOND_NS, &when));
	assert_true(when > SECOND_NS && when <= 2 * SECOND_NS + 1);
	assert_true(pace_take(&pace, &key, 1, 2 * SECOND_NS + 1, &when));
	key.router = (struct addr){0};
	for (int i = 0; i < PACE_BURST; i++)
		assert_true(pace_take(&pace, &key, 1, SECOND_NS, &when));
	assert_false(pace_take(&pace, &key, 1, SECOND_NS, &when));
	pace_free(&pace);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spent),
		cmocka_unit_test(reaches),
		cmocka_unit_test(tokens),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
