/* SPDX-License-Identifier: BSD-2-Clause */
/* What a way showed before. */
#include "engine/past.h"
#include "trace_script.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* The router that answers at a TTL, by each server's own way. */
static void routers_by_server(void **state)
{
	struct trace t;
	(void)state;
	script_begin(&t, "2xc2e 1xt2. 1xc3e");
	script_run(&t, script_server(&t, 2), "3xc2.");
	struct addr second = past_router(&t, 0, 2), none = past_router(&t, 1, 2);
	struct addr wanted = script_router(2);
	assert_true(addr_equal(&second, &wanted));
	assert_false(addr_is_set(&none));
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(routers_by_server),
		cmocka_unit_test(reaches),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
