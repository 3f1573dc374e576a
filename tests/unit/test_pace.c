/* SPDX-License-Identifier: BSD-2-Clause */
/* Routers' answers: six at once, one each PACE_REFILL_NS after that. */
#include "between.h"
#include "engine/pace.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define MS	INT64_C(1000000)
#define HOLD_NS (300 * MS)

static struct pace_wish pair_at(uint8_t last)
{
	uint8_t addr[4] = {198, 51, 100, last};
	return (struct pace_wish){
		.router = addr_v4(addr),
		.family = 4,
		.ttl = 3,
		.tokens = 2.0,
		.hold_ns = HOLD_NS,
	};
}

/* Three pairs are under way; none more until they had their time. */
static void keeps_what_is_under_way(void **state)
{
	struct pace pace = {0};
	struct pace_wish wish = pair_at(1), other = pair_at(2);
	int64_t when = 0;

	(void)state;
	for (int i = 0; i < 3; i++)
		assert_true(pace_take(&pace, &wish, 0, &when));
	assert_false(pace_take(&pace, &wish, 0, &when));
	assert_true(when == HOLD_NS);
	assert_true(pace_take(&pace, &other, 0, &when));
	/* Nothing came of them: they cost the router nothing. */
	assert_true(pace_take(&pace, &wish, HOLD_NS, &when));
	pace_free(&pace);
}

/* What came is spent, and drips in again one by one. */
static void counts_what_came(void **state)
{
	struct pace pace = {0};
	struct pace_wish wish = pair_at(1);
	int64_t when = 0;

	(void)state;
	for (int i = 0; i < 3; i++)
		assert_true(pace_take(&pace, &wish, 0, &when));
	for (int i = 0; i < 6; i++)
		pace_seen(&pace, &wish.router, 10 * MS);
	assert_false(pace_take(&pace, &wish, HOLD_NS, &when));
	assert_between(when, 2 * PACE_REFILL_NS, 2 * PACE_REFILL_NS + 20 * MS);
	assert_true(pace_take(&pace, &wish, when, &when));
	pace_free(&pace);
}

/* A router that owes an answer has none left. */
static void learns_from_what_is_missing(void **state)
{
	struct pace pace = {0};
	struct pace_wish wish = pair_at(1);
	int64_t when = 0;

	(void)state;
	assert_true(pace_take(&pace, &wish, 0, &when));
	pace_seen(&pace, &wish.router, MS);
	pace_missed(&pace, &wish.router, 0, HOLD_NS);
	assert_false(pace_take(&pace, &wish, HOLD_NS, &when));
	assert_between(when, HOLD_NS + 2 * PACE_REFILL_NS, HOLD_NS + 2 * PACE_REFILL_NS + MS);
	pace_free(&pace);
}

/* On a way that loses SYNs a missing answer was probably lost: a part of the tokens stays. */
static void loss_explains_what_is_missing(void **state)
{
	struct pace pace = {0};
	struct pace_wish wish = pair_at(1);
	int64_t when = 0;

	(void)state;
	assert_true(pace_take(&pace, &wish, 0, &when));
	pace_missed(&pace, &wish.router, 0.25, HOLD_NS);
	assert_true(pace_take(&pace, &wish, HOLD_NS, &when));
	assert_false(pace_take(&pace, &wish, HOLD_NS, &when));
	pace_free(&pace);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_what_is_under_way),
		cmocka_unit_test(counts_what_came),
		cmocka_unit_test(learns_from_what_is_missing),
		cmocka_unit_test(loss_explains_what_is_missing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
