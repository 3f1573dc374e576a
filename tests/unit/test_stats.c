/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/stats.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define DRAWS	     60000

static void close_to(double got, double expected, const char *what, size_t i)
{
	double off = got > expected ? got - expected : expected - got;

	if (!(off <= 1e-9 + 1e-6 * expected))
		fail_msg("%s %zu: %.12g instead of %.12g", what, i, got, expected);
}

static void silence(void **state)
{
	static const struct {
		uint32_t answered, sent, n;
		double expected;
	} cases[] = {
		{0, 0, 0, 1},
		/* the Jeffreys prior alone: 1/2, then 1/2 * 3/4 */
		{0, 0, 1, 0.5},
		{0, 0, 2, 0.375},
		/* (10 - 10 + 1/2) / 11, times 1.5 / 12, times 2.5 / 13 */
		{10, 10, 1, 0.0454545454545},
		{10, 10, 3, 0.00109265734266},
		/* a lossy control says little about silence */
		{1, 10, 1, 0.863636363636},
		{5, 10, 2, 0.270833333333},
		/* more answers than probes count as all */
		{11, 10, 1, 0.0454545454545},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		close_to(stats_silence(cases[i].answered, cases[i].sent, cases[i].n),
			 cases[i].expected, "silence", i);
	assert_true(stats_silence(1000, 1000, 1000) > 0);
	assert_true(stats_silence(1000, 1000, 1000) < 1e-200);
}

static void fisher(void **state)
{
	static const struct {
		uint32_t a, n, b, m;
		double expected;
	} cases[] = {
		/* 1 of 10 against 9 of 10: (C(10,0)C(10,10) + C(10,1)C(10,9)) / C(20,10) */
		{1, 10, 9, 10, 101.0 / 184756.0},
		{0, 3, 3, 3, 1.0 / 20.0},
		{0, 1, 1, 1, 0.5},
		/* no difference, all or nothing on both sides */
		{3, 3, 3, 3, 1},
		{0, 3, 0, 3, 1},
		{5, 10, 5, 10, 0.671859100652},
		{0, 0, 3, 3, 1},
		{3, 3, 0, 3, 1},
		{2, 10, 3, 4, 190.0 / 2002.0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		close_to(stats_fisher(cases[i].a, cases[i].n, cases[i].b, cases[i].m),
			 cases[i].expected, "fisher", i);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(silence),
		cmocka_unit_test(fisher),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
