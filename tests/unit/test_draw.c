/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers on the wire: known ones from known keys, and none from what was seen. */
#include "../seeded.h"
#include "between.h"
#include "engine/engine.h"
#include "trace_script.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#define DRAWS	  60000
#define SYNS	  3
#define SECOND_NS INT64_C(1000000000)
#define STATE_MAX (UINT64_C(1) << 32) /* what one sequence number leaves of a state of 64 bits */
#define STATE_N	  (UINT64_C(1) << 26) /* of these, tried where WHOBLOCKS_SEARCH_ALL is not set */
#define GOLDEN	  UINT64_C(0x9e3779b97f4a7c15)

/* RFC 8439, A.1: the first two blocks of key 0, and the second one of key 1. */
static void known_streams(void **state)
{
	static const uint32_t zero[] = {0xade0b876, 0x903df1a0, 0xe56a5d40, 0x28bd8653},
			      zero_next[] = {0xbee7079f, 0x7a385155, 0x7c97ba98, 0x0d082d73},
			      one[] = {0x2452eb3a, 0x9249f8ec, 0x8d829d9b, 0xddd4ceb1};
	struct draw_key key = {{0}};
	struct draw d;
	(void)state;
	draw_open(&d, &key, DRAW_PROBES);
	for (unsigned i = 0; i < 32; i++) {
		uint32_t drawn = draw_next(&d);
		if (i < 4)
			assert_int_equal(drawn, zero[i]);
		else if (i >= 16 && i < 20)
			assert_int_equal(drawn, zero_next[i - 16]);
	}
	key.bytes[DRAW_KEY_BYTES - 1] = 1;
	draw_open(&d, &key, DRAW_PROBES);
	for (unsigned i = 0; i < 20; i++) {
		uint32_t drawn = draw_next(&d);
		if (i >= 16)
			assert_int_equal(drawn, one[i - 16]);
	}
}

static void streams_differ(void **state)
{
	struct draw_key key = seeded_key(5);
	struct draw probes, ports;
	(void)state;
	draw_open(&probes, &key, DRAW_PROBES);
	draw_open(&ports, &key, DRAW_PORTS);
	assert_int_not_equal(draw_next(&probes), draw_next(&ports));
}

static void below(void **state)
{
	struct draw_key key = seeded_key(42);
	uint32_t seen[6] = {0};
	struct draw d;
	(void)state;
	draw_open(&d, &key, DRAW_PROBES);
	for (int i = 0; i < DRAWS; i++) {
		uint32_t v = draw_below(&d, 6);
		assert_true(v < 6);
		seen[v]++;
	}
	/* 10,000 each; five standard deviations are under 500. */
	for (size_t i = 0; i < 6; i++)
		assert_between(seen[i], 9500, 10500);
	assert_int_equal(draw_below(&d, 1), 0);
	assert_int_equal(draw_below(&d, 0), 0);
}

/* What somebody on the way sees of a SYN. */
struct seen {
	uint32_t seq;
	uint16_t ip_id;
};

/* The IP ID that a generator of the tests' kind draws after this state. */
static uint16_t id_of(uint64_t state)
{
	return (uint16_t)(1 + seeded_below(&state, 65535));
}

static uint64_t unshift(uint64_t z, unsigned bits)
{
	uint64_t out = z;
	for (unsigned done = bits; done < 64; done += bits)
		out = z ^ out >> bits;
	return out;
}

/* The state in which the generator drew this number: splitmix64 backwards. */
static uint64_t state_of(uint64_t z)
{
	z = unshift(z, 31) * UINT64_C(0x319642b2d24d8ec3);
	z = unshift(z, 27) * UINT64_C(0x96de1b173f119089);
	return unshift(z, 30);
}

/*
 * The attack: the upper halves of the first number from `from` on, each of which fixes the state,
 * until one gives the other SYNs too. What the next SYN would carry in *next.
 */
static bool find_state(const struct seen *syns, uint64_t from, uint64_t n, uint32_t *next)
{
	for (uint64_t high = from; high < from + n; high++) {
		uint64_t state = state_of(high << 32 | syns[0].seq);
		if (id_of(state) != syns[0].ip_id)
			continue;
		bool fits = true;
		for (size_t i = 1; i < SYNS && fits; i++) {
			state += GOLDEN;
			uint64_t at = state;
			fits = (uint32_t)seeded_random(&at) == syns[i].seq;
			state = at;
			fits = fits && id_of(state) == syns[i].ip_id;
		}
		state += GOLDEN;
		*next = (uint32_t)seeded_random(&state);
		if (fits)
			return true;
	}
	return false;
}

/* The numbers of the first SYNs that the engine sends, in the order in which they were drawn. */
static void record(struct seen *out, uint32_t *next)
{
	struct trace t;
	struct draw_key key = seeded_key(77);
	struct engine_options options = {
		.flows = 2,
		.max_rate = 500,
		.budget_ns = 15 * SECOND_NS,
		.key = &key,
		.raw = {{40000, 32}, {45000, 32}, {50000, 32}},
	};
	script_begin(&t, "3xc*s 3xt*.");
	struct engine *e = engine_new(&options, &t, t.last_ns);
	assert_non_null(e);
	int64_t now = t.last_ns;
	for (size_t n = 0; n <= SYNS;) {
		struct action action = engine_next(e, &t, now);
		assert_int_not_equal(action.kind, ACTION_DONE);
		if (action.kind == ACTION_WAIT) {
			now = action.until_ns;
			continue;
		}
		if (n < SYNS)
			out[n] = (struct seen){action.order.seq, action.order.ip_id};
		*next = action.order.seq;
		n += action.order.kind != PROBE_KERNEL;
		engine_sent(e, &action.order, 0, now);
	}
	engine_free(e);
	trace_free(&t);
}

/* Where numbers come from a small state, the attack finds it; from ours it finds nothing. */
static void seed_search(void **state)
{
	struct seen syns[SYNS];
	uint64_t seed = UINT64_C(0x12345678abcde), high = 0;
	uint32_t next, truth;
	(void)state;
	for (size_t i = 0; i < SYNS; i++) {
		uint64_t drawn = seeded_random(&seed);
		high = i == 0 ? drawn >> 32 : high;
		syns[i].seq = (uint32_t)drawn;
		syns[i].ip_id = (uint16_t)(1 + seeded_below(&seed, 65535));
	}
	assert_true(find_state(syns, high > 1000 ? high - 1000 : 0, 2000, &next));
	assert_int_equal(next, (uint32_t)seeded_random(&seed));
	record(syns, &truth);
	/* All of them take 20 s of one core. */
	assert_false(
		find_state(syns, 0, getenv("WHOBLOCKS_SEARCH_ALL") ? STATE_MAX : STATE_N, &next));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_streams),
		cmocka_unit_test(streams_differ),
		cmocka_unit_test(below),
		cmocka_unit_test(seed_search),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
