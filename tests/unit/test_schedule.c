/* SPDX-License-Identifier: BSD-2-Clause */
#include "between.h"
#include "state/schedule.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define SECOND_US    INT64_C(1000000)
#define SERVERS	     49
#define MACHINES     5000

static void seeds(void **state)
{
	(void)state;
	assert_true(schedule_seed("a", "b") == schedule_seed("a", "b"));
	assert_true(schedule_seed("a", "b") != schedule_seed("a", "c"));
	assert_true(schedule_seed("a", "b") != schedule_seed("c", "b"));
}

/* Machines that start together begin to measure all over the interval. */
static void first_runs(void **state)
{
	unsigned in_minute[10] = {0};

	(void)state;
	for (int i = 0; i < MACHINES; i++) {
		char machine[16];
		int64_t at;

		snprintf(machine, sizeof(machine), "m%d", i);
		at = schedule_first_us(schedule_seed(machine, "default"), 600 * SECOND_US);
		assert_between(at, 0, 600 * SECOND_US - 1);
		in_minute[at / (60 * SECOND_US)]++;
	}
	for (size_t i = 0; i < COUNT(in_minute); i++)
		assert_between(in_minute[i], MACHINES / 10 * 8 / 10, MACHINES / 10 * 12 / 10);
}

static void next_runs(void **state)
{
	static const struct {
		int64_t interval_s;
		bool candidate;
		uint32_t hurried;
		int64_t least_s, most_s;
	} cases[] = {
		{600, false, 0, 600, 600}, {600, true, 0, 60, 90}, {600, true, 2, 60, 90},
		{600, true, 3, 600, 600},  {70, true, 0, 60, 70},  {60, true, 0, 60, 60},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct tracker t = {
			.interval_us = cases[i].interval_s * SECOND_US,
			.has_candidate = cases[i].candidate,
			.candidate.hurried = cases[i].hurried,
		};

		for (uint64_t n = 0; n < 100; n++) {
			int64_t at = schedule_next_us(&t, 3, n, 1000 * SECOND_US);

			assert_between(at, (1000 + cases[i].least_s) * SECOND_US,
				       (1000 + cases[i].most_s) * SECOND_US);
		}
	}
}

static void make_servers(struct schedule_server *servers, char (*names)[16])
{
	for (uint32_t i = 0; i < SERVERS; i++) {
		snprintf(names[i], sizeof(names[i]), "s%u", i);
		/* Some operators have several servers, and of some nothing is known. */
		servers[i] = (struct schedule_server){names[i], i < 40 ? 1 + i / 2 : 0};
	}
}

/* Three servers of three operators, another choice for each machine and day, and one that stays. */
static void choices(void **state)
{
	struct schedule_server servers[SERVERS];
	char names[SERVERS][16];
	unsigned asked[SERVERS] = {0};

	(void)state;
	make_servers(servers, names);
	for (int m = 0; m < MACHINES; m++) {
		char machine[16];
		size_t old[3], now[3];
		bool kept = false;
		uint64_t seed;

		snprintf(machine, sizeof(machine), "m%d", m);
		seed = schedule_seed(machine, "servers");
		assert_int_equal(
			schedule_servers(&(struct schedule_day){servers, SERVERS, seed, 20000}, old,
					 3),
			3);
		assert_int_equal(
			schedule_servers(&(struct schedule_day){servers, SERVERS, seed, 20001}, now,
					 3),
			3);
		for (size_t i = 0; i < 3; i++) {
			asked[now[i]]++;
			for (size_t k = 0; k < i; k++)
				assert_false(now[i] == now[k] ||
					     (servers[now[i]].group &&
					      servers[now[i]].group == servers[now[k]].group));
			/* The same server, or another one of the same operator. */
			kept = kept || now[i] == old[0] ||
			       (servers[old[0]].group &&
				servers[now[i]].group == servers[old[0]].group);
		}
		assert_true(kept);
	}
	for (size_t i = 0; i < SERVERS; i++)
		assert_between(asked[i], 3 * MACHINES / SERVERS / 2, 3 * MACHINES / SERVERS * 2);
}

static void few_servers(void **state)
{
	const struct schedule_server servers[] = {{"a", 1}, {"b", 1}, {"c", 2}};
	size_t out[3];

	(void)state;
	assert_int_equal(schedule_servers(&(struct schedule_day){servers, 3, 1, 1}, out, 3), 2);
	assert_int_equal(schedule_servers(&(struct schedule_day){servers, 1, 1, 1}, out, 3), 1);
	assert_int_equal(schedule_servers(&(struct schedule_day){servers, 0, 1, 1}, out, 3), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(seeds),       cmocka_unit_test(first_runs),
		cmocka_unit_test(next_runs),   cmocka_unit_test(choices),
		cmocka_unit_test(few_servers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
