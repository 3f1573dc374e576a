/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/out/progress.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void test_bar(void **state)
{
	static const struct {
		double part;
		const char *line;
	} rows[] = {
		{0, "  0 % [>                   ] a.pcap"},
		{0.0499, "  5 % [>                   ] a.pcap"},
		{0.5, " 50 % [==========>         ] a.pcap"},
		{0.96, " 96 % [===================>] a.pcap"},
		{1, "100 % [====================] a.pcap"},
		/* The file grew, or is not what it was. */
		{1.5, "100 % [====================] a.pcap"},
		{-1, "  0 % [>                   ] a.pcap"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct text line = {0};

		progress_bar(&line, rows[i].part, "a.pcap");
		assert_string_equal(text_str(&line), rows[i].line);
		text_free(&line);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bar),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
