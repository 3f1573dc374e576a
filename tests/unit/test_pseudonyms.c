/* SPDX-License-Identifier: BSD-2-Clause */
/* What a run says of itself, under pseudonyms. */
#include "cli/show/pseudonyms.h"
#include "evidence_case.h"

static void test_run(void **state)
{
	static const char *const argv[] = {"whoblocks", "--as-user", "anna", "192.168.1.9", NULL};
	static const struct about_round rounds[] = {
		{.sentence = "Port 587 is blocked at 192.168.1.1 for anna", .state = "blocked"},
		{.sentence = "Port 587 is open", .state = "open"},
	};
	struct about about = {.rounds = rounds, .rounds_n = 2};
	struct sample *s = make_case(find_case("isp-drop"));
	struct run_info run = {.argv = argv, .about = &about, .capture_file = "anna.pcapng"};
	struct judged j = {.run = &run, .trace = &s->t, .result = s->r};
	struct log log = {.quiet = true};
	struct pseudonyms *pseudonyms;

	(void)state;
	trace_add_user(&s->t, &(struct user){.uid = 1000, .name = "anna"});
	trace_add_route(&s->t, &(struct route){.family = 4,
					       .interface = "eth0",
					       .gateway = sample_addr("192.168.1.1"),
					       .client = sample_addr("192.168.1.9")});
	assert_int_equal(pseudonyms_use(&log, &j, &pseudonyms), 0);
	assert_string_equal(run.argv[1], "--as-user");
	assert_string_equal(run.argv[2], "user-1");
	assert_string_equal(run.argv[3], "10.255.0.1");
	assert_null(run.argv[4]);
	assert_null(run.capture_file);
	assert_true(run.about->redacted);
	assert_string_equal(run.about->rounds[0].sentence,
			    "Port 587 is blocked at 10.255.0.2 for user-1");
	assert_string_equal(run.about->rounds[0].state, "blocked");
	assert_string_equal(run.about->rounds[1].sentence, "Port 587 is open");
	pseudonyms_free(pseudonyms);
	free_case(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
