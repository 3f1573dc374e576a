/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "compare_run.h"
#include "infer/compare/clock.h"
#include <stdio.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define SEEDS	     50

struct expectation {
	struct world world;
	enum state state;
	enum blocker blocker;
	enum mechanism mechanism;
	bool forged; /* packets appeared from nowhere */
};

#define SERVER	  (WORLD_HOPS - 1)
#define HOME	  BLOCKER_LOCAL_NETWORK
#define DROP	  MECHANISM_SILENT_DROP
#define RESET	  MECHANISM_TCP_RESET
#define BLOCK(by) STATE_BLOCKED, BLOCKER_##by

static const struct expectation table[] = {
	{{.observer = 1}, STATE_OPEN, BLOCKER_NONE, MECHANISM_NONE, false},
	{{.observer = SERVER, .nat = true, .clamp = true},
	 STATE_OPEN,
	 BLOCKER_NONE,
	 MECHANISM_NONE,
	 false},
	{{.observer = 3, .nat = true, .shift = true},
	 STATE_OPEN,
	 BLOCKER_NONE,
	 MECHANISM_NONE,
	 false},
	{{.observer = 1, .nat = true, .trick = TRICK_DROP, .at = 1},
	 STATE_BLOCKED,
	 HOME,
	 DROP,
	 false},
	{{.observer = 1, .nat = true, .trick = TRICK_DROP, .at = 2}, BLOCK(ISP), DROP, false},
	{{.observer = 3, .nat = true, .trick = TRICK_DROP, .at = 3}, BLOCK(ISP), DROP, false},
	{{.observer = 4, .family = 6, .trick = TRICK_DROP, .at = 4}, BLOCK(TRANSIT), DROP, false},
	{{.observer = SERVER, .trick = TRICK_DROP, .at = 2}, BLOCK(ISP), DROP, false},
	{{.observer = 1, .nat = true, .trick = TRICK_DROP_BACK, .at = 1},
	 STATE_BLOCKED,
	 HOME,
	 MECHANISM_RETURN_DROP,
	 false},
	{{.observer = 1, .trick = TRICK_REFUSE, .at = 1}, STATE_BLOCKED, HOME, RESET, true},
	{{.observer = 3, .trick = TRICK_REFUSE, .at = 2}, BLOCK(ISP), RESET, true},
	{{.observer = 3, .family = 6, .trick = TRICK_RESET, .at = 2}, BLOCK(ISP), RESET, true},
	{{.observer = 1, .nat = true, .trick = TRICK_ANSWER, .at = 1},
	 STATE_INTERCEPTED,
	 HOME,
	 MECHANISM_REDIRECT,
	 true},
	{{.observer = 1, .trick = TRICK_TURN, .at = 1}, STATE_BLOCKED, HOME, RESET, false},
	{{.observer = 1, .trick = TRICK_MOVE, .at = 1},
	 STATE_INTERCEPTED,
	 HOME,
	 MECHANISM_REDIRECT,
	 false},
	{{.observer = SERVER, .trick = TRICK_CLOSED},
	 STATE_CLOSED,
	 BLOCKER_REMOTE,
	 MECHANISM_CLOSED,
	 false},
};

static void judge(struct world *w, struct result *r)
{
	world_run(w);
	assert_int_equal(compare_judge(&w->trace, &w->pairs, NULL, r), 0);
	assert_non_null(r->comparison);
}

static void test_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		struct world w = table[i].world;
		const struct expectation *e = &table[i];
		struct result r;

		w.seed = 1 + i;
		w.offset_ns = 3000 * WORLD_MS;
		w.drift_ppm = 100;
		judge(&w, &r);
		const struct judgement *j = &r.verdict.judgement;
		print_message("%zu: %s %s %s: %s\n", i, state_name(j->state),
			      blocker_name(j->blocker), mechanism_name(j->mechanism),
			      r.verdict.sentence);
		assert_int_equal(j->state, e->state);
		assert_int_equal(j->blocker, e->blocker);
		assert_int_equal(j->mechanism, e->mechanism);
		assert_int_equal(r.comparison->captures[1].appeared > 0, e->forged);
		result_free(&r);
		world_free(&w);
	}
}

static void test_clock(void **state)
{
	static const double drifts[] = {0, 100, -100, 20};

	(void)state;
	for (size_t i = 0; i < COUNT(drifts); i++) {
		struct world w = {.observer = 3,
				  .offset_ns = (i % 2 ? -1 : 1) * 3000 * WORLD_MS,
				  .drift_ppm = drifts[i],
				  .loss = 5,
				  .seed = 7 + i};
		struct result r;

		judge(&w, &r);
		const struct compared_clock *c = &r.comparison->captures[1].clock;
		assert_true(c->known && c->two_way);
		assert_true(llabs(c->offset_ns - w.offset_ns) <= c->error_ns + WORLD_MS);
		assert_true(c->drift_error_ppm < 1000);
		double wrong = c->drift_ppm - drifts[i];
		assert_true((wrong < 0 ? -wrong : wrong) <= 2 * c->drift_error_ppm + 50);
		result_free(&r);
		world_free(&w);
	}
}

/* Seven packets at once and one much later: its delay alone is no drift. */
static void test_clock_of_few_packets(void **state)
{
	struct pair_packet packets[8] = {0};
	struct sighting sightings[16] = {0};
	struct pairs p = {.packets = packets, .packets_n = 8, .sightings = sightings};
	uint32_t random = 1, invented = 0;

	(void)state;
	for (int run = 0; run < 200; run++) {
		for (uint32_t i = 0; i < 8; i++) {
			int64_t at_ns = (i < 7 ? 10 * (1 + i) : 1000) * WORLD_MS;

			random = random * 1664525 + 1013904223;
			packets[i].captures = 3;
			packets[i].first = 2 * i;
			sightings[2 * i] = (struct sighting){.next = 2 * i + 1, .at_ns = at_ns};
			sightings[2 * i + 1] =
				(struct sighting){.capture = 1,
						  .next = TRACE_NONE,
						  .at_ns = at_ns + (random >> 8) % 100000};
		}
		invented += compare_clock(&p, 1).drift_ppm != 0;
	}
	print_message("a drift in %u of 200\n", invented);
	assert_true(invented <= 20);
}

/* Loss is no forgery, wherever one looks. */
static void test_lossy(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed <= SEEDS; seed++) {
		struct world w = {
			.observer = (int)(1 + seed % SERVER),
			.nat = seed % 2,
			.family = seed % 3 ? 4 : 6,
			.loss = 4 + seed % 3 * 3,
			.offset_ns = (int64_t)seed * 100 * WORLD_MS,
			.drift_ppm = seed,
			.seed = seed,
		};
		struct result r;

		judge(&w, &r);
		assert_int_equal(r.comparison->captures[1].appeared, 0);
		if (r.verdict.judgement.state != STATE_OPEN)
			print_message("seed %u: %s (%s)\n", seed, r.verdict.sentence,
				      r.verdict.reasons[0].rule);
		assert_true(r.verdict.judgement.state == STATE_OPEN ||
			    r.verdict.judgement.state == STATE_UNKNOWN);
		result_free(&r);
		world_free(&w);
	}
}

/* Captures that are not of one another. */
static void test_apart(void **state)
{
	struct world a = {.observer = 3, .seed = 1}, b = {.observer = 3, .seed = 2};
	struct world swapped = {.observer = 3, .seed = 3};
	struct pairs pairs;
	struct result r;

	(void)state;
	world_run(&a);
	world_run(&b);
	for (size_t i = 0; i < b.n[1]; i++) /* another client's */
		pairs_take(&a.pairs, &a.trace, 1, &b.seen[1][i]);
	pairs_free(&a.pairs);
	assert_true(pairs_init(&a.pairs));
	a.pairs.captures_n = 2;
	for (size_t i = 0; i < a.n[0]; i++)
		pairs_take(&a.pairs, &a.trace, 0, &a.seen[0][i]);
	for (size_t i = 0; i < b.n[1]; i++)
		pairs_take(&a.pairs, &a.trace, 1, &b.seen[1][i]);
	assert_int_equal(compare_judge(&a.trace, &a.pairs, NULL, &r), 0);
	assert_true(r.comparison->apart);
	assert_int_equal(result_exit_status(&r.verdict.judgement), 20);
	assert_non_null(strstr(r.verdict.sentence, "other clients"));
	result_free(&r);
	world_free(&b);
	world_free(&a);

	world_run(&swapped);
	assert_true(pairs_init(&pairs));
	pairs.captures_n = 2;
	for (int who = 0; who < 2; who++) {
		size_t from = 1 - (size_t)who;

		for (size_t i = 0; i < swapped.n[from]; i++)
			pairs_take(&pairs, &swapped.trace, (uint8_t)who, &swapped.seen[from][i]);
	}
	assert_int_equal(compare_judge(&swapped.trace, &pairs, NULL, &r), 0);
	assert_true(r.comparison->swapped);
	assert_int_equal(result_exit_status(&r.verdict.judgement), 20);
	result_free(&r);
	pairs_free(&pairs);
	world_free(&swapped);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_clock),
		cmocka_unit_test(test_clock_of_few_packets),
		cmocka_unit_test(test_lossy),
		cmocka_unit_test(test_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
