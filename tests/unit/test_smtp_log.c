/* SPDX-License-Identifier: BSD-2-Clause */
/* The log of a session: stages, and what a hostile server may say. */
#include "io/mail/smtp_log.h"
#include "io_test.h"

struct turn {
	char who; /* 'S', 'C', 'T': TLS is up */
	const char *text;
};

struct row {
	struct turn turns[8];
	enum session_stage stage;
	bool strange;
};

static const struct row rows[] = {
	{{{'S', "220 mx"}}, SESSION_GREETED, false},
	{{{'S', "220-mx"}}, SESSION_UNCONNECTED, false},
	{{{'S', "220-mx"}, {'S', "220 more"}}, SESSION_GREETED, false},
	{{{'S', "554 no"}}, SESSION_GREETED, false},
	{{{'S', "hello"}}, SESSION_UNCONNECTED, true},
	{{{'S', "22"}}, SESSION_UNCONNECTED, true},
	{{{'S', "220"}, {'C', "EHLO x"}, {'S', "250 mx"}}, SESSION_ANSWERED, false},
	{{{'S', "220"}, {'C', "EHLO x"}, {'S', "502 what"}}, SESSION_GREETED, false},
	{{{'S', "220"}, {'C', "EHLO x"}, {'S', "250 mx"}, {'C', "STARTTLS"}, {'S', "220 go"}},
	 SESSION_AGREED,
	 false},
	{{{'S', "220"}, {'C', "EHLO x"}, {'S', "250 mx"}, {'C', "STARTTLS"}, {'S', "454 no"}},
	 SESSION_ANSWERED,
	 false},
	{{{'T', "TLSv1.3"}, {'S', "220"}, {'C', "EHLO x"}, {'S', "250 mx"}},
	 SESSION_COMPLETE,
	 false},
	{{{'S', "220"}, {'T', "TLSv1.2"}}, SESSION_SECURE, false},
};

static void stages(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct smtp_log log = {0};

		for (size_t k = 0; k < COUNT(rows[i].turns) && rows[i].turns[k].text; k++) {
			const struct turn *turn = &rows[i].turns[k];

			if (turn->who == 'S')
				smtp_log_in(&log, turn->text, strlen(turn->text), 1);
			else if (turn->who == 'C')
				smtp_log_out(&log, turn->text, strlen(turn->text));
			else
				smtp_log_secure(&log, turn->text, strlen(turn->text));
		}
		if (log.stage != rows[i].stage)
			print_error("row %zu: stage %d\n", i, (int)log.stage);
		assert_int_equal(log.stage, rows[i].stage);
		assert_int_equal(log.strange, rows[i].strange);
		smtp_log_free(&log);
	}
}

/* Whatever comes, what is kept is short and has no byte that a terminal would obey. */
static void hostile(void **state)
{
	struct smtp_log log = {0};
	char line[3000];

	(void)state;
	for (size_t i = 0; i < sizeof(line); i++)
		line[i] = (char)(i * 7);
	for (int i = 0; i < 1000; i++)
		smtp_log_in(&log, line, sizeof(line), i);
	assert_true(log.flooded);
	assert_true(log.strange);
	assert_true(log.lines.len < 8000);
	for (size_t i = 0; i < log.lines.len; i++) {
		unsigned char c = (unsigned char)log.lines.s[i];

		assert_true(c == '\n' || (c >= 0x20 && c != 0x7f));
	}
	smtp_log_free(&log);
}

static void escapes(void **state)
{
	static const char line[] = "220 mx \x1b[2J\x07\0 \xe2\x80\xae evil \x9b\r\n";
	struct smtp_log log = {0};

	(void)state;
	smtp_log_in(&log, line, sizeof(line) - 1, 5);
	assert_string_equal(text_str(&log.lines),
			    "S: 220 mx \\x1b[2J\\x07\\x00 \\xe2\\x80\\xae evil \\x9b");
	assert_int_equal(log.greeted_ns, 5);
	smtp_log_free(&log);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stages),
		cmocka_unit_test(hostile),
		cmocka_unit_test(escapes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
