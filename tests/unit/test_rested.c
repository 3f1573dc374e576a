/* SPDX-License-Identifier: BSD-2-Clause */
/* Silence of SYNs that were sent at speed is asked about once more, after a rest. */
#include "infer/infer.h"
#include "infer/numbers.h"
#include "infer/rules/claim.h"
#include "infer/scene/build.h"
#include "infer/scene/rested.h"
#include "trace_script.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define QUESTIONS_MAX 64
/* The first few tell of no hop; then the port is silent from hop 3 on, at speed. */
#define CONTROLS "9xc*s 2xc1e 2xc2e 5xc3e 5xc4e 2xc5s "
#define BEGIN	 "5xt1e " CONTROLS "8xt*. t2e "
#define FAST	 BEGIN "5xt3. 5xt4. "

/* The question that needs a rest: the only one, and as late as the newest SYN wants it. */
static int asked_ttl(const struct trace *t)
{
	static struct question q[QUESTIONS_MAX];
	struct agenda agenda;
	int ttl = -1;
	int64_t newest = t->probes[t->probes_n - 1].at_ns;
	assert_int_equal(infer_agenda(t, q, QUESTIONS_MAX, &agenda), 0);
	for (size_t i = 0; i < agenda.questions_n; i++) {
		if (!q[i].after_ns)
			continue;
		assert_int_equal(ttl, -1);
		assert_true(q[i].last);
		assert_int_equal(q[i].port, SCRIPT_TARGET);
		assert_in_range(q[i].after_ns, newest + RESTED_NS, newest + 2 * RESTED_NS);
		ttl = q[i].ttl;
	}
	return ttl;
}

static void asked(void **state)
{
	static const struct {
		const char *words, *rule;
		int missing, ttl;
	} rows[] = {
		{FAST, "silence", 3, 3},
		{FAST "~ t3.", "silence", 3, -1},
		/* Too soon after others: it may have been lost to the limit, too. */
		{FAST "t3.", "silence", 3, 3},
		/* It got further: the others' silence is a limit's, and the next place is asked. */
		{FAST "~ t3e", "hurried", 0, 4},
		{FAST "~ t3e ~ t4.", "silence", 4, -1},
		{FAST "~ t3e ~ t4e", "hurried", 0, 0},
		{FAST "~ t3e ~ t4e ~ t*.", "silence", 5, -1},
		/* One of the first few shows the place: ports that pass at speed are counted apart.
		 */
		{CONTROLS "t*. t1e t2e 5xt3. 5xt4. 8xt*.", "silence", 3, -1},
		{CONTROLS "t*. t1e t2e t4. 5xt3. 4xt4. 8xt*.", "silence", 3, -1},
		/* But not one of which a SYN is missing. */
		{CONTROLS "c*. t*. t1e t2e 5xt3. 5xt4. 8xt*.", "silence", 3, 3},
		/* All routers passed it at speed: whoever drops it then is no limit on the way. */
		{BEGIN "2xt3e 2xt4e", "silence", 5, -1},
		{BEGIN "t3e t4e", "silence", 5, 0},
		{BEGIN "2xt3e t3. 2xt4e", "silence", 5, 0},
		/* Or it is open at that pace. */
		{FAST "~ t*s", "limited", 0, -1},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct trace t;
		struct scene scene;
		struct claim claim;
		script_begin(&t, rows[i].words);
		assert_int_equal(scene_build(&scene, &t), 0);
		claim_make(&scene, 0, &claim);
		assert_string_equal(claim.rule, rows[i].rule);
		if (rows[i].missing)
			assert_int_equal(claim.first_missing, rows[i].missing);
		assert_int_equal(asked_ttl(&t), rows[i].ttl);
		scene_free(&scene);
		trace_free(&t);
	}
}

/* A burst passes a limit at once; then each needs a rest, and whoever comes early has it begin
 * anew. */
static void metered(void **state)
{
	static const struct {
		const char *words;
		size_t rested;
	} rows[] = {
		{"4xt*.", 4},
		{"7xt*.", RESTED_BURST},
		{"7xt*. ~ 3xt*.", RESTED_BURST + 2},
		{"7xt*. ~ t*. ~ t*. ~ t*.", RESTED_BURST + 3},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct trace t;
		struct scene scene;
		script_begin(&t, rows[i].words);
		assert_int_equal(scene_build(&scene, &t), 0);
		assert_int_equal(scene.rested_n, rows[i].rested);
		scene_free(&scene);
		/* Nobody knows what else somebody else's host sent. */
		t.run.own = false;
		assert_int_equal(scene_build(&scene, &t), 0);
		assert_int_equal(scene.rested_n, 0);
		scene_free(&scene);
		trace_free(&t);
	}
}

/* What the kernel repeats takes a token as well: of two after a rest one is left. */
static void repeated(void **state)
{
	struct trace t;
	struct scene scene;
	(void)state;
	script_begin(&t, "7xt*. ~ 2xt*.");
	t.probes[0].sent = 2;
	t.probes[0].last_ns = t.probes[7].at_ns - RESTED_NS / 2;
	assert_int_equal(scene_build(&scene, &t), 0);
	assert_int_equal(scene.rested_n, RESTED_BURST + 1);
	scene_free(&scene);
	trace_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(asked),
		cmocka_unit_test(metered),
		cmocka_unit_test(repeated),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
