/* SPDX-License-Identifier: BSD-2-Clause */
/* What the frames of the evidence are said to mean. */
#include "evidence_case.h"
#include "report/page/comment.h"

static void test_words(void **state)
{
	struct about about;
	struct sample *s = hostile_case(&about);
	struct comments comments;

	(void)state;
	s->t.servers[0].host = "mail.example.org";
	s->findings[0].distance_control = 6;
	s->frames[0].frame = 8;
	assert_int_equal(comments_make(&s->t, &s->r, &comments), 0);
	assert_string_equal(comments_find(&comments, 7),
			    "probe 7: SYN to port 587 of mail.example.org, TTL 3: reset (frame 8)");
	assert_string_equal(
		comments_find(&comments, 8),
		"answer to probe 7: this reset claims to come from the server (6 hops), "
		"but it answers a SYN that could travel only 3; 1.5 ms after frame 7 "
		"[reason 1] [reason 2]");
	assert_null(comments_find(&comments, 9));
	comments_free(&comments);
	free_case(s);
}

static void test_hostile(void **state)
{
	struct about about;
	struct sample *s = hostile_case(&about);
	struct comments comments;

	(void)state;
	assert_int_equal(comments_make(&s->t, &s->r, &comments), 0);
	assert_true(comments.n >= 2);
	for (size_t i = 0; i < comments.n; i++) {
		check_harmless(comments.items[i].text);
		assert_null(strchr(comments.items[i].text, '\n'));
	}
	comments_free(&comments);
	free_case(s);
}

static void test_filter(void **state)
{
	const struct frame_ref frames[] = {{1, 3}, {2, 4}, {1, 5}};
	const struct reason reason = {.packets = frames, .packets_n = 3};
	struct text text = {0};

	(void)state;
	comment_filter(&reason, &text);
	assert_string_equal(text_str(&text), "frame.number in {3, 5}");
	text_free(&text);
	comment_filter(&(struct reason){0}, &text);
	assert_string_equal(text_str(&text), "");
	text_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_filter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
