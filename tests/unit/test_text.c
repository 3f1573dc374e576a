/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/err.h"
#include "base/text.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void grows(void **state)
{
	struct text t = {0};

	(void)state;
	assert_string_equal(text_str(&t), "");
	for (int i = 0; i < 1000; i++) {
		text_add(&t, "ab");
		text_add_bytes(&t, "cde", 1);
		text_addf(&t, "%d", i % 10);
	}
	assert_false(t.failed);
	assert_int_equal(t.len, 4000);
	assert_int_equal(strlen(text_str(&t)), 4000);
	assert_memory_equal(text_str(&t), "abc0abc1", 8);
	assert_string_equal(text_str(&t) + 3996, "abc9");
	text_free(&t);
	assert_string_equal(text_str(&t), "");
	assert_int_equal(t.cap, 0);
}

static void adds_nothing(void **state)
{
	struct text t = {0};

	(void)state;
	text_add(&t, "");
	text_addf(&t, "%s", "");
	text_add_bytes(&t, NULL, 0);
	assert_false(t.failed);
	assert_int_equal(t.len, 0);
	assert_string_equal(text_str(&t), "");
	text_free(&t);
}

static void failure_stays(void **state)
{
	struct text t = {0};

	(void)state;
	text_add(&t, "before");
	text_add_bytes(&t, "x", SIZE_MAX / 2);
	assert_true(t.failed);
	text_add(&t, "after");
	text_addf(&t, "%d", 1);
	text_add_untrusted(&t, "after", 5);
	assert_string_equal(text_str(&t), "before");
	text_free(&t);
	assert_false(t.failed);
}

static void untrusted(void **state)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{"220 mail.example ESMTP", "220 mail.example ESMTP"},
		{"back\\slash \"quote\" <tag>", "back\\slash \"quote\" <tag>"},
		{"a\r\nb\tc", "a\\x0d\\x0ab\\x09c"},
		{"\033[2J\033]0;title\a", "\\x1b[2J\\x1b]0;title\\x07"},
		{"\x7f", "\\x7f"},
		/* valid UTF-8: two, three and four bytes */
		{"Gr\xc3\xbc\xc3\x9f", "Gr\xc3\xbc\xc3\x9f"},
		{"\xe2\x82\xac \xe6\x97\xa5", "\xe2\x82\xac \xe6\x97\xa5"},
		{"\xf0\x9f\x93\xa7", "\xf0\x9f\x93\xa7"},
		{"\xef\xbf\xbd", "\xef\xbf\xbd"},
		/* C1 controls, soft hyphen */
		{"\xc2\x9b"
		 "2J",
		 "\\xc2\\x9b2J"},
		{"\xc2\xad", "\\xc2\\xad"},
		/* marks, overrides and isolates that reorder, separators, zero width */
		{"\xe2\x80\x8f", "\\xe2\\x80\\x8f"},
		{"\xe2\x80\xae", "\\xe2\\x80\\xae"},
		{"\xe2\x81\xa6", "\\xe2\\x81\\xa6"},
		{"\xe2\x81\xa9", "\\xe2\\x81\\xa9"},
		{"\xd8\x9c", "\\xd8\\x9c"},
		{"\xe2\x80\xa8", "\\xe2\\x80\\xa8"},
		{"\xe2\x80\x8b", "\\xe2\\x80\\x8b"},
		{"\xef\xbb\xbf", "\\xef\\xbb\\xbf"},
		/* variation selector, private use, tag, noncharacter */
		{"\xef\xb8\x8f", "\\xef\\xb8\\x8f"},
		{"\xee\x80\x80", "\\xee\\x80\\x80"},
		{"\xf3\xa0\x80\x81", "\\xf3\\xa0\\x80\\x81"},
		{"\xef\xbf\xbf", "\\xef\\xbf\\xbf"},
		/* broken: alone, cut, too long, surrogate, beyond Unicode, no first byte */
		{"\x80", "\\x80"},
		{"\xc3", "\\xc3"},
		{"\xc3(", "\\xc3("},
		{"\xe2\x82", "\\xe2\\x82"},
		{"\xc0\xaf", "\\xc0\\xaf"},
		{"\xe0\x80\xaf", "\\xe0\\x80\\xaf"},
		{"\xf0\x80\x80\xaf", "\\xf0\\x80\\x80\\xaf"},
		{"\xed\xa0\x80", "\\xed\\xa0\\x80"},
		{"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"},
		{"\xff\xfe", "\\xff\\xfe"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct text t = {0};

		text_add_untrusted(&t, cases[i].in, strlen(cases[i].in));
		assert_string_equal(text_str(&t), cases[i].out);
		text_free(&t);
	}
}

static void untrusted_nul(void **state)
{
	struct text t = {0};

	(void)state;
	text_add_untrusted(&t, "a\0b\xc3", 4);
	assert_string_equal(text_str(&t), "a\\x00b\\xc3");
	text_free(&t);
}

static void errors(void **state)
{
	struct err err = {0};

	(void)state;
	assert_int_equal(err_set(&err, 4, "no port: '%s'", "x"), -1);
	assert_int_equal(err.code, 4);
	assert_string_equal(err.msg, "no port: 'x'");
	/* A long message is cut, and still a string. */
	assert_int_equal(err_set(&err, 5, "%0*d", 2 * ERR_MSG_BYTES, 1), -1);
	assert_int_equal(strlen(err.msg), ERR_MSG_BYTES - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grows),	 cmocka_unit_test(adds_nothing),
		cmocka_unit_test(failure_stays), cmocka_unit_test(untrusted),
		cmocka_unit_test(untrusted_nul), cmocka_unit_test(errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
