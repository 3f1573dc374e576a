/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/page/phrase.h"
#include "report_test.h"
#include <errno.h>

static void test_time(void **state)
{
	static const struct {
		int64_t ns;
		const char *text;
	} rows[] = {
		{0, "1970-01-01T00:00:00.000000Z"},
		{INT64_C(1700000000123456789), "2023-11-14T22:13:20.123456Z"},
		{INT64_C(951782400000000000), "2000-02-29T00:00:00.000000Z"},
		{INT64_C(1735689599999999999), "2024-12-31T23:59:59.999999Z"},
		{INT64_C(4107542400000000000), "2100-03-01T00:00:00.000000Z"},
		{-1, "1969-12-31T23:59:59.999999Z"},
		{INT64_MIN, "1677-09-21T00:12:43.145224Z"},
		{INT64_MAX, "2262-04-11T23:47:16.854775Z"},
	};
	char buf[PHRASE_TIME_BYTES];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(phrase_time(rows[i].ns, buf), rows[i].text);
}

static void test_judgements(void **state)
{
	static const struct {
		struct judgement j;
		const char *text;
	} rows[] = {
		{{.state = STATE_OPEN}, "open"},
		{{.state = STATE_CLOSED, .blocker = BLOCKER_REMOTE}, "closed by the server"},
		{{.state = STATE_BLOCKED, .blocker = BLOCKER_ISP},
		 "blocked in the provider's network"},
		{{.state = STATE_BLOCKED, .blocker = BLOCKER_LOCAL_HOST}, "blocked on this host"},
		{{.state = STATE_DEGRADED, .blocker = BLOCKER_TRANSIT}, "degraded in transit"},
		{{.state = STATE_UNKNOWN, .blocker = BLOCKER_UNKNOWN}, "no verdict"},
		{{.state = STATE_UNKNOWN, .mechanism = MECHANISM_NO_NETWORK}, "no answer"},
		{{.state = STATE_BLOCKED,
		  .blocker = BLOCKER_UNKNOWN,
		  .suspects = {{.blocker = BLOCKER_LOCAL_NETWORK},
			       {.blocker = BLOCKER_ISP},
			       {.blocker = BLOCKER_TRANSIT}},
		  .suspects_n = 3},
		 "blocked by the local network, the provider or a transit network"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct text out = {0};

		phrase_judgement(&rows[i].j, NULL, &out);
		assert_string_equal(text_str(&out), rows[i].text);
		text_free(&out);
	}
}

static void test_owners(void **state)
{
	static const struct {
		uint8_t owners;
		bool first;
		const char *text;
	} rows[] = {
		{0, true, ""},
		{OWNER(SEGMENT_LOCAL), true, "your router"},
		{OWNER(SEGMENT_LOCAL), false, "local network"},
		{OWNER(SEGMENT_ISP), false, "your provider"},
		{OWNER(SEGMENT_LOCAL) | OWNER(SEGMENT_ISP), true, "local or provider"},
		{OWNER(SEGMENT_ISP) | OWNER(SEGMENT_TRANSIT) | OWNER(SEGMENT_REMOTE), false,
		 "provider or transit or server's"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct text out = {0};

		phrase_owners(rows[i].owners, rows[i].first, NULL, &out);
		assert_string_equal(text_str(&out), rows[i].text);
		text_free(&out);
	}
}

static void test_small_words(void **state)
{
	(void)state;
	assert_string_equal(phrase_errno(EPERM), "EPERM");
	assert_null(phrase_errno(0));
	assert_null(phrase_errno(12345));
	assert_string_equal(phrase_family_name(4), "ipv4");
	assert_string_equal(phrase_family_name(46), "both");
	assert_null(phrase_family_name(0));
	assert_null(phrase_stop(NULL));
	assert_null(phrase_stop("decided"));
	assert_non_null(phrase_stop("budget"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_time),
		cmocka_unit_test(test_judgements),
		cmocka_unit_test(test_owners),
		cmocka_unit_test(test_small_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
