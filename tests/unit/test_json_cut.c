/* SPDX-License-Identifier: BSD-2-Clause */
/* JSON without the members that nobody reads. */
#include "io/results/json_cut.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct json_member inner[] = {{"x", NULL}, {NULL, NULL}};
static const struct json_member wanted[] = {{"a", NULL}, {"in", inner}, {NULL, NULL}};

static void test_kept(void **state)
{
	static const struct {
		const char *text, *cut;
	} rows[] = {
		{"{}", "{}"},
		{" { } \n", "{}"},
		{"{\"a\": 1, \"b\": 2}", "{\"a\":1}"},
		{"{\"b\": 2, \"a\" :1}", "{\"a\":1}"},
		{"{\"b\": 2}", "{}"},
		/* A wanted member is kept with all that is in it. */
		{"{\"a\": {\"b\": [1, {}]}}", "{\"a\":{\"b\": [1, {}]}}"},
		/* Of an object, or of each in an array, only the members inside. */
		{"{\"in\": {\"x\": null, \"y\": 1}}", "{\"in\":{\"x\":null}}"},
		{"{\"in\": [{\"y\": 1}, {\"x\": 2}, 3, []]}", "{\"in\":[{},{\"x\":2},3,[]]}"},
		{"{\"in\": \"text\", \"a\": 1}", "{\"in\":\"text\",\"a\":1}"},
		{"[{\"a\": 1, \"b\": 2}, 7]", "[{\"a\":1},7]"},
		/* Dropped: brackets and quotes in strings, brackets in brackets. */
		{"{\"b\": \"}]\\\"{\", \"a\": 1}", "{\"a\":1}"},
		{"{\"b\": \"\\\\\", \"a\": 1}", "{\"a\":1}"},
		{"{\"b\": {\"c\": [{\"a\": 2}, [[]]]}, \"a\": -1.5e3}", "{\"a\":-1.5e3}"},
		/* A name that is spelt with escapes may be a wanted one. */
		{"{\"\\u0061\": 1, \"\\u0062\": 2}", "{\"\\u0061\":1,\"\\u0062\":2}"},
		/* Twice is for the parser to refuse. */
		{"{\"a\": 1, \"a\": 2}", "{\"a\":1,\"a\":2}"},
		{"true", "true"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct text out = {0};

		assert_true(json_cut(rows[i].text, strlen(rows[i].text), wanted, &out));
		assert_string_equal(text_str(&out), rows[i].cut);
		text_free(&out);
	}
}

static void test_refused(void **state)
{
	static const char *const rows[] = {
		"",
		"{",
		"{\"a\"",
		"{\"a\":",
		"{\"a\":}",
		"{\"a\":1",
		"{\"a\":1,}",
		"{\"a\":1 \"b\":2}",
		"{,}",
		"{a:1}",
		"{\"b\":\"open}",
		"{\"b\":\"\\",
		"{\"b\":\"\\\"",
		"{\"b\":[}",
		"{\"b\":[1}",
		"{\"b\":[{]}}",
		"{\"b\":nonsense}",
		"{\"b\":?}",
		"{} {}",
		"[1,]",
		"]",
		":",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct text out = {0};

		assert_false(json_cut(rows[i], strlen(rows[i]), wanted, &out));
		text_free(&out);
	}
}

/* However deep somebody nests, it ends. */
static void test_depth(void **state)
{
	static const char nested[] = "{\"b\":[[[[[[[[[[]]]]]]]]]],\"a\":[[[[[]]]]]}";
	static const char *const starts[] = {"", "{\"a\":", "{\"b\":", "{\"in\":"};
	static char deep[200001];
	struct text out = {0};

	(void)state;
	memset(deep, '[', sizeof(deep) - 1);
	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
		for (size_t k = 0; starts[i][k]; k++)
			deep[k] = starts[i][k];
		assert_false(json_cut(deep, sizeof(deep) - 1, wanted, &out));
		out.len = 0;
	}
	assert_true(json_cut(nested, strlen(nested), wanted, &out));
	assert_string_equal(text_str(&out), "{\"a\":[[[[[]]]]]}");
	text_free(&out);
}

/* A text without a NUL behind it: nothing beyond its end is read. */
static void test_bounds(void **state)
{
	static const char text[] = "{\"b\": [\"\\\\\", 1], \"a\": true}";

	(void)state;
	for (size_t len = 0; len < sizeof(text) - 1; len++) {
		struct text out = {0}, exact = {0};

		text_add_bytes(&exact, text, len);
		if (len > 0 && exact.s)
			exact.s[len] = '}';
		assert_false(json_cut(text_str(&exact), len, wanted, &out));
		text_free(&exact);
		text_free(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kept),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
