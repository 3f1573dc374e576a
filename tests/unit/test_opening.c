/* SPDX-License-Identifier: BSD-2-Clause */
/* The first connections to mail ports are spent where they tell most, before anything is asked at
 * speed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "asked.h"

/* What is asked of a far server: its SYN-ACKs arrive with TTL 56, from behind eight routers. */
static void searched(void **state)
{
	static const struct {
		const char *words;
		uint8_t ttls[4]; /* of pairs, in their order */
		bool only;	 /* nothing else is asked */
	} rows[] = {
		/* What is silent is looked for in two steps. */
		{"c*s56 t*.", {3, 6}, true},
		{"c*s56 t*. c3e t3e c6e t6.", {4, 5}, true},
		{"c*s56 t*. c3e t3. c6e t6.", {1, 2}, true},
		{"c*s56 t*. c3e t3e c6e t6e", {7, 8}, true},
		/* A router that hides tells nothing: what is left is spent near by. */
		{"c*s56 t*. c3. t3. c6e t6.", {1, 2}, true},
		/* Of a near server all that may be the place at once. */
		{"c*s60 t*.", {1, 2, 3, 4}, true},
		/* The first few were spent; somebody answered; nobody did at all. */
		{"c*s56 t*. c3e t3e c6e t6. c4e t4e c5e t5.", {0}, false},
		{"c*s56 5xt*.", {0}, false},
		{"c*s56 t*s56", {0}, false},
		{"c*s56 t*r56", {0}, false},
		{"c*s56 t*. c3e t3r62 c6e t6r62", {0}, false},
		{"c*. t*.", {0}, false},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct trace t;
		script_begin(&t, rows[i].words);
		/* Nothing was asked of the second one yet. */
		(void)script_server(&t, 2);
		struct asked *a = ask(&t);
		unsigned pairs = 0, others = 0;
		for (size_t q = 0; q < a->agenda.questions_n; q++)
			others += a->q[q].server == 1;
		for (; pairs < 4 && rows[i].ttls[pairs]; pairs++) {
			assert_int_equal(a->q[pairs].ttl, rows[i].ttls[pairs]);
			assert_int_equal(a->q[pairs].partner, SCRIPT_TARGET);
			assert_int_equal(a->q[pairs].rank, pairs + 1);
		}
		if (rows[i].only)
			assert_int_equal(a->agenda.questions_n, pairs);
		else
			assert_true(others > 0);
		free(a);
		trace_free(&t);
	}
}

/* To begin with the port of one server is asked, and of the other mail ports its first control. */
static void begun(void **state)
{
	static const uint8_t client[4] = {192, 168, 1, 20};
	struct trace t;
	unsigned target = 0, mail = 0, free_ports = 0;
	(void)state;
	trace_init(&t);
	script_route(&t);
	for (uint8_t n = 1; n <= 3; n++) {
		uint8_t addr[4] = {203, 0, n, 25};
		struct server s = {
			.host = "mx.example",
			.addr = addr_v4(addr),
			.client = addr_v4(client),
			.port = SCRIPT_TARGET,
			.controls = {SCRIPT_CONTROL, 465, 443},
			.controls_n = 3,
		};
		trace_add_server(&t, &s);
	}
	t.run.own = true;
	struct asked *a = ask(&t);
	for (size_t q = 0; q < a->agenda.questions_n; q++) {
		target += a->q[q].port == SCRIPT_TARGET;
		mail += a->q[q].port == SCRIPT_CONTROL && a->q[q].server == 0;
		free_ports += a->q[q].port == 443;
	}
	assert_int_equal(target, 1);
	assert_int_equal(mail, 1);
	assert_int_equal(free_ports, 3);
	assert_int_equal(a->agenda.questions_n, target + mail + free_ports);
	free(a);
	/* A short look goes on as it was. */
	t.run.brief = true;
	a = ask(&t);
	assert_true(a->agenda.questions_n >= 12);
	free(a);
	trace_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(searched),
		cmocka_unit_test(begun),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
