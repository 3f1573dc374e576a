/* SPDX-License-Identifier: BSD-2-Clause */
/* The order in which the engine sends what is asked. */
#include "engine/engine.h"
#include "trace_script.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define SECOND_NS  INT64_C(1000000000)
#define ORDERS_MAX 64
#define STEPS_MAX  1000

/* The orders that come before the first of them can have been answered. */
static size_t orders(struct engine *e, const struct trace *t, struct order *out)
{
	int64_t now = t->last_ns;
	size_t n = 0;
	for (int step = 0; step < STEPS_MAX && n < ORDERS_MAX; step++) {
		struct action action = engine_next(e, t, now);
		if (action.kind == ACTION_DONE)
			break;
		if (action.kind == ACTION_WAIT) {
			now = action.until_ns;
			continue;
		}
		out[n++] = action.order;
		engine_sent(e, &action.order, 0, now);
	}
	return n;
}

/* Of two pairs with one TTL, each port is sent first once. */
static void turned(const struct order *sent, size_t n, uint8_t ttl)
{
	uint16_t ports[4];
	size_t found = 0;
	for (size_t i = 0; i < n && found < 4; i++) {
		if (sent[i].ttl == ttl)
			ports[found++] = sent[i].dst_port;
	}
	assert_int_equal(found, 4);
	assert_int_not_equal(ports[0], ports[1]);
	assert_int_equal(ports[0], ports[3]);
	assert_int_equal(ports[1], ports[2]);
}

static void pairs_are_turned(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 8; seed++) {
		struct order sent[ORDERS_MAX];
		struct trace t;
		trace_init(&t);
		script_route(&t);
		script_run(&t, script_server(&t, 1), "3xc*s 3xt*.");
		struct engine_options options = {
			.flows = 2,
			.max_rate = 500,
			.budget_ns = 15 * SECOND_NS,
			.seed = seed,
			.raw = {{.first = 40000, .n = 32},
				{.first = 45000, .n = 32},
				{.first = 50000, .n = 32}},
		};
		struct engine *e = engine_new(&options, &t, t.last_ns);
		assert_non_null(e);
		size_t n = orders(e, &t, sent);
		for (uint8_t ttl = 1; ttl <= 3; ttl++)
			turned(sent, n, ttl);
		engine_free(e);
		trace_free(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pairs_are_turned),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
