/* SPDX-License-Identifier: BSD-2-Clause */
/* The order in which the engine sends what is asked. */
#include "../seeded.h"
#include "engine/engine.h"
#include "infer/way/path.h"
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

static struct engine_options usual_options(const struct draw_key *key, struct calls *calls)
{
	return (struct engine_options){
		.flows = 2,
		.max_rate = 500,
		.budget_ns = 15 * SECOND_NS,
		.calls = calls,
		.key = key,
		.raw = {{.first = 40000, .n = 32},
			{.first = 45000, .n = 32},
			{.first = 50000, .n = 32}},
	};
}

/* What is sent first to so many servers, each of which did what the words say. */
static size_t send_first(uint64_t seed, uint32_t servers, const char *words, int64_t gap_ns,
			 struct order *sent)
{
	struct trace t;
	trace_init(&t);
	script_route(&t);
	for (uint32_t s = 0; s < servers; s++)
		script_run(&t, script_server(&t, (uint8_t)(s + 1)), words);
	struct draw_key key = seeded_key(seed);
	struct calls calls = {.gap_ns = gap_ns};
	struct engine_options options = usual_options(&key, &calls);
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
		size_t n = send_first(seed, 1, "3xc*s 3xt*s", 0, sent);
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
		size_t n = send_first(seed, 2, "3xc*s 3xt*s", 0, sent);
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
		size_t n = send_first(seed, 3, "3xc*s 3xt*.", gap_ns, sent), calls = 0;
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

/* What is to be asked last is asked while there is time for it, whatever else is open. */
static void last_in_time(void **state)
{
	static const struct {
		int64_t left_ns;
		bool witness; /* whether the first SYN asks a mail port that accepted, again */
	} rows[] = {{15 * SECOND_NS, false}, {2 * SECOND_NS, false}, {SECOND_NS, true}};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct trace t;
		trace_init(&t);
		script_route(&t);
		t.run.own = true;
		script_run(&t, script_server(&t, 1), "4xc*s 8xt*.");
		struct draw_key key = seeded_key(i + 1);
		struct engine_options options = usual_options(&key, NULL);
		struct engine *e =
			engine_new(&options, &t, t.last_ns + rows[i].left_ns - options.budget_ns);
		assert_non_null(e);
		struct action action = engine_next(e, &t, t.last_ns);
		assert_int_equal(action.kind, ACTION_SEND);
		bool witness =
			action.order.ttl > PATH_TTL_MAX && action.order.dst_port == SCRIPT_CONTROL;
		assert_int_equal(witness, rows[i].witness);
		engine_free(e);
		trace_free(&t);
	}
}

#define CALLERS 7
#define CALLS_N 2000
#define STEP_NS (7 * SCRIPT_MS)

/* Connections of servers that ask for one at each step, for so many steps. */
static size_t begin_all(struct calls *calls, unsigned steps, int64_t *at, uint32_t *server)
{
	size_t n = 0;
	for (unsigned step = 1; step <= steps; step++) {
		int64_t now = SECOND_NS + step * STEP_NS, wake = 0;
		for (uint32_t i = 0; i < CALLERS && n < CALLS_N; i++) {
			uint32_t s = (step + i) % CALLERS;
			struct call call = {.server = s, .n = 1, .arrives = true};
			if (!calls_ready(calls, &call, now, &wake))
				continue;
			calls_plan(calls, &call);
			calls_begin(calls, &call, now);
			at[n] = now;
			server[n++] = s;
		}
	}
	return n;
}

/* The most that begin in any second, of one server or (CALLERS) of all. */
static unsigned most_in_a_second(const int64_t *at, const uint32_t *server, size_t n, uint32_t who)
{
	unsigned most = 0;
	for (size_t i = 0; i < n; i++) {
		unsigned in = 0;
		for (size_t j = i; j < n && at[j] < at[i] + SECOND_NS; j++)
			in += who == CALLERS || server[j] == who;
		most = in > most ? in : most;
	}
	return most;
}

/* Five a second of all and one a server while all is well; else five a server. */
static void calls_are_counted(void **state)
{
	static int64_t at[CALLS_N];
	static uint32_t server[CALLS_N];
	(void)state;
	for (int wrong = 0; wrong < 2; wrong++) {
		struct calls calls = {.rare = !wrong, .spare = true, .window_ns = SECOND_NS};
		size_t n = begin_all(&calls, 500, at, server);
		unsigned all = most_in_a_second(at, server, n, CALLERS);
		assert_int_equal(all, wrong ? CALLERS * CALLS_SERVER : CALLS_ALL);
		assert_true(n >= 3 * all);
		for (uint32_t s = 0; s < CALLERS; s++)
			assert_int_equal(most_in_a_second(at, server, n, s),
					 wrong ? CALLS_SERVER : 1);
		calls_free(&calls);
	}
	assert_int_equal(calls_window_ns(3, 10 * SECOND_NS), SECOND_NS);
	assert_int_equal(calls_window_ns(100, 10 * SECOND_NS), SECOND_NS / 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pairs_are_turned), cmocka_unit_test(servers_are_turned),
		cmocka_unit_test(calls_are_rare),   cmocka_unit_test(calls_are_counted),
		cmocka_unit_test(last_in_time),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
