/* SPDX-License-Identifier: BSD-2-Clause */
/* What the sentences may say of places, of dead servers and of names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "infer/infer.h"
#include "trace_script.h"

#define CONTROL "6xc*s 3xc1e 3xc2e 3xc3e 3xc4s "

/* The servers of these words. */
static void begin(struct trace *t, const char *const words[], uint32_t n)
{
	trace_init(t);
	script_route(t);
	for (uint32_t i = 0; i < n; i++)
		script_server(t, (uint8_t)(i + 1));
	for (uint32_t i = 0; i < n; i++)
		script_run(t, i, words[i]);
}

/*
 * Ways that part at the hop where silence begins share the place before it; of a way that shows
 * nothing but its open end no hop is told, and it does not speak for the others.
 */
static void parted_where_silence_begins(void **state)
{
	static const char *const words[] = {
		"6xc*s 3xc1e 3xc2e 3xc3e 3xc4s 3xt*. 3xt1e 3xt2e 3xt3. 3xt4.",
		"6xc*s 3xc1e 3xc2e 3xc3e22 3xc4s 3xt*. 3xt1e 3xt2e 3xt3. 3xt4.",
		"6xc*s 3xt*.",
	};
	struct trace t;
	struct result r;
	(void)state;
	begin(&t, words, 3);
	assert_int_equal(infer_judge(&t, &r), 0);
	assert_int_equal(r.verdict.judgement.link.from_hop, 2);
	assert_int_equal(r.verdict.judgement.link.to_hop, 3);
	assert_true(r.verdict.reasons_n > 0 && r.verdict.reasons[0].server != 2);
	for (size_t i = 0; i < r.verdict.reasons_n; i++) {
		assert_null(strstr(r.verdict.reasons[i].text, "hop 40"));
		assert_null(strstr(r.verdict.reasons[i].text, "more than one cause"));
	}
	result_free(&r);
	trace_free(&t);
}

/* A HOST that is dead beside a reference that lives is told by its name, and so is a dead resolver.
 */
static void dead_beside_living(void **state)
{
	static const char *const words[] = {"3xc*. 3xt*.", CONTROL "6xt*s"};
	static const char *const silent[] = {"3xc*. 3xt*."};
	struct note note = {"dns", "mx.example has no address: no answer in time", TRACE_NONE, 0};
	struct trace t;
	struct result r;
	(void)state;
	for (int living = 1; living >= 0; living--) {
		begin(&t, living ? words : silent, living ? 2 : 1);
		t.run.hosts_given = true;
		t.servers[living].reference = living;
		assert_true(trace_add_note(&t, &note));
		assert_int_equal(infer_judge(&t, &r), 0);
		assert_int_equal(r.verdict.judgement.state, STATE_UNKNOWN);
		bool works = strstr(r.verdict.sentence, t.servers[0].host) != NULL;
		assert_int_equal(works, living);
		assert_non_null(strstr(r.verdict.reasons[0].text, "mx.example"));
		assert_int_equal(r.verdict.reasons[1].server, 0);
		assert_non_null(strstr(r.verdict.reasons[1].text, "answers on none of the ports"));
		assert_non_null(strstr(r.verdict.reasons[2].text,
				       living ? "1 of 2 servers answer" : "No server answered"));
		assert_int_equal(strstr(r.verdict.next[0], "network work first") != NULL, !living);
		result_free(&r);
		trace_free(&t);
	}
}

/* Where the names alone failed, they are what is to be checked, not a server. */
static void names_beside_living(void **state)
{
	static const char *const words[] = {CONTROL "6xt*s"};
	struct note note = {"dns", "mx.example has no address: no resolver answers", TRACE_NONE, 0};
	struct trace t;
	struct result r;
	(void)state;
	begin(&t, words, 1);
	t.run.hosts_given = true;
	t.servers[0].reference = true;
	assert_true(trace_add_note(&t, &note));
	assert_int_equal(infer_judge(&t, &r), 0);
	assert_int_equal(r.verdict.judgement.state, STATE_UNKNOWN);
	assert_non_null(strstr(r.verdict.sentence, "no name that was asked for"));
	assert_non_null(strstr(r.verdict.next[0], "Check the names"));
	result_free(&r);
	trace_free(&t);
}

/* Only of a port whose SYNs are seen at the last router it is said that they pass every one. */
static void passing_every_router(void **state)
{
	static const struct {
		const char *words;
		bool passes;
	} rows[] = {
		{"6xc*s 3xc1e 3xc2e 3xc3e 3xc4s 6xt*. 3xt1e 3xt2e 3xt3e", true},
		{"6xc*s 3xc1e 3xc2e 3xc3. 3xc4. 3xc5s 6xt*. 3xt1e 3xt2e 3xt3.", false},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct trace t;
		struct result r;
		begin(&t, &rows[i].words, 1);
		assert_int_equal(infer_judge(&t, &r), 0);
		assert_int_equal(r.verdict.judgement.mechanism, MECHANISM_RETURN_DROP);
		bool said = strstr(r.verdict.sentence, "pass every router") != NULL;
		assert_int_equal(said, rows[i].passes);
		result_free(&r);
		trace_free(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parted_where_silence_begins),
		cmocka_unit_test(dead_beside_living),
		cmocka_unit_test(names_beside_living),
		cmocka_unit_test(passing_every_router),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
