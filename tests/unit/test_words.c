/* SPDX-License-Identifier: BSD-2-Clause */
/* Every word that the tables have is explained. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "data/data.h"
#include "infer/host/local.h"
#include "infer/rules/claim.h"
#include "infer/scene/forgery.h"
#include "infer/scene/role_rules.h"
#include "report/page/glossary.h"
#include "report/page/page.h"
#include <string.h>

static const struct text_style style = {.columns = 80};

/* How many entries the manual has about the word; each is more than its head. */
static size_t entries(const char *word)
{
	struct text out = {0};
	size_t n = glossary_explain((const char *)data_manual, data_manual_len, word, &style, &out);
	assert_false(out.failed);
	assert_true(n == 0 ? out.len == 0 : out.len > n * (strlen(word) + 20));
	text_free(&out);
	return n;
}

static void explained(const char *word)
{
	if (entries(word) == 0)
		fail_msg("whoblocks(7) does not explain '%s'", word);
}

static void test_tables(void **state)
{
	size_t n;
	(void)state;
	const struct rule *rules = rules_table(&n);
	for (size_t i = 0; i < n; i++)
		explained(rules[i].name);
	const struct local_rule *local = local_rules(&n);
	for (size_t i = 0; i < n; i++)
		explained(local_name(local[i].kind));
	const struct role_rule *roles = role_rules_table(&n);
	for (size_t i = 0; i < n; i++)
		explained(roles[i].name);
	for (int i = STATE_OPEN; i <= STATE_UNKNOWN; i++)
		explained(state_name((enum state)i));
	for (int i = BLOCKER_NONE; i <= BLOCKER_UNKNOWN; i++)
		explained(blocker_name((enum blocker)i));
	for (int i = MECHANISM_NONE; i <= MECHANISM_UNKNOWN; i++)
		explained(mechanism_name((enum mechanism)i));
	for (int i = FORGERY_SOURCE; i <= FORGERY_PLACES; i++)
		explained(forgery_name((enum forgery_kind)i));
}

static void test_signs(void **state)
{
	static const enum glyph signs[] = {GLYPH_SEEN, GLYPH_SILENT, GLYPH_REFUSED, GLYPH_STRANGER,
					   GLYPH_HERE};
	(void)state;
	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++) {
		for (int utf8 = 0; utf8 < 2; utf8++) {
			struct page page = {.utf8 = utf8};
			const char *word = glossary_sign(page_glyph(&page, signs[i]));
			assert_non_null(word);
			explained(word);
		}
	}
	assert_null(glossary_sign("z"));
}

/* A word is what stands there, and no part of it; other sections have none. */
static void test_page(void **state)
{
	static const char page[] =
		".Sh OTHER\n.It Cm word\nNo.\n.Sh WORDS OF THE RESULT\n.Ss rule\n"
		".Bl\n.It Cm word\nOne thing.\nAnd more.\n.It Cm words\nMany.\n.El\n"
		".Ss state\n.It Cm word\nAnother.\n.El\n";
	static const struct {
		const char *word, *text;
		size_t n;
	} rows[] = {
		{"word", "word (rule)\n    One thing. And more.\nword (state)\n    Another.\n", 2},
		{"words", "words (rule)\n    Many.\n", 1},
		{"wor", "", 0},
		{"", "", 0},
		{"word\n", "", 0},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct text out = {0};
		assert_int_equal(
			glossary_explain(page, sizeof(page) - 1, rows[i].word, &style, &out),
			rows[i].n);
		assert_string_equal(text_str(&out), rows[i].text);
		text_free(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tables),
		cmocka_unit_test(test_signs),
		cmocka_unit_test(test_page),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
