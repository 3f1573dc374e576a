/* SPDX-License-Identifier: BSD-2-Clause */
/* The order in which the engine sends what is asked. */
#include "../seeded.h"
#include "engine/engine.h"
#include "trace_script.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define SECOND_NS  INT64_C(1000000000)
#define ORDERS_MAX 600
#define STEPS_MAX  4000

static int64_t sent_at[ORDERS_MAX];

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
		sent_at[n] = now;
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

/* What is sent first to so many servers whose ports 587 are silent. */
static size_t send_first(uint64_t seed, uint32_t servers, int64_t gap_ns, struct order *sent)
{
	struct trace t;
	trace_init(&t);
	script_route(&t);
	for (uint32_t s = 0; s < servers; s++)
		script_run(&t, script_server(&t, (uint8_t)(s + 1)), "3xc*s 3xt*.");
	struct draw_key key = seeded_key(seed);
	struct calls calls = {.gap_ns = gap_ns};
	struct engine_options options = {
		.flows = 2,
		.max_rate = 500,
		.budget_ns = 15 * SECOND_NS,
		.calls = &calls,
		.key = &key,
		.raw = {{.first = 40000, .n = 32},
			{.first = 45000, .n = 32},
			{.first = 50000, .n = 32}},
	};
	struct engine *e = engine_new(&options, &t, t.last_ns);
	assert_non_null(e);
	size_t n = orders(e, &t, sent);
	engine_free(e);
	trace_free(&t);
	return n;
}

static void pairs_are_turned(void **state)
{
	struct order sent[ORDERS_MAX];
	(void)state;
	for (uint64_t seed = 1; seed <= 8; seed++) {
		size_t n = send_first(seed, 1, 0, sent);
		for (uint8_t ttl = 1; ttl <= 3; ttl++)
			turned(sent, n, ttl);
	}
}

static uint16_t first_port(const struct order *sent, size_t n, uint32_t server, uint8_t ttl)
{
	for (size_t i = 0; i < n; i++) {
		if (sent[i].server == server && sent[i].ttl == ttl)
			return sent[i].dst_port;
	}
	fail_msg("no SYN with TTL %d", ttl);
	return 0;
}

/* A router near the host sees as many first pairs in one order as in the other. */
static void servers_are_turned(void **state)
{
	struct order sent[ORDERS_MAX];
	(void)state;
	for (uint64_t seed = 1; seed <= 8; seed++) {
		size_t n = send_first(seed, 2, 0, sent);
		assert_int_not_equal(first_port(sent, n, 0, 1), first_port(sent, n, 1, 1));
	}
}

/* Where connections to mail ports are to be rare, they are, of whatever TTL. */
static void calls_are_rare(void **state)
{
	const int64_t gap_ns = SECOND_NS + SECOND_NS / 10;
	struct order sent[ORDERS_MAX];
	(void)state;
	for (uint64_t seed = 1; seed <= 8; seed++) {
		size_t n = send_first(seed, 3, gap_ns, sent), calls = 0;
		int64_t last_ns = 0;
		for (size_t i = 0; i < n; i++) {
			if (calls_count(&(struct calls){0}, sent[i].dst_port, 0) == 0)
				continue;
			if (calls++ > 0)
				assert_true(sent_at[i] - last_ns >= gap_ns);
			last_ns = sent_at[i];
		}
		assert_true(calls >= 2);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pairs_are_turned),
		cmocka_unit_test(servers_are_turned),
		cmocka_unit_test(calls_are_rare),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
