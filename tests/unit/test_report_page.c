/* SPDX-License-Identifier: BSD-2-Clause */
/* The page: never wider than it may be, never a byte that a terminal would obey. */
#include "report/page/page.h"
#include "report_test.h"
#include <locale.h>
#include <stdlib.h>
#include <wchar.h>

static void check_line(const char *line, size_t bytes, const struct text_style *style)
{
	struct text plain = {0};

	for (size_t i = 0; i < bytes; i++) {
		unsigned char c = (unsigned char)line[i];

		/* Our own colours are the only control sequences there may be. */
		if (c == '\033' && style->colour) {
			i += strcspn(line + i, "m");
			continue;
		}
		assert_true(c >= 0x20 && c != 0x7f);
		assert_true(style->utf8 || c < 0x80);
		text_add_bytes(&plain, line + i, 1);
	}
	/* A command is to be pasted as it is. */
	if (!strstr(text_str(&plain), RULE_COMMAND) &&
	    !strstr(text_str(&plain), "whoblocks compare client"))
		assert_true(page_width(text_str(&plain)) <= style->columns);
	assert_false(plain.len > 0 && plain.s[plain.len - 1] == ' ');
	text_free(&plain);
}

static void check_page(const char *page, const struct text_style *style)
{
	while (*page) {
		size_t bytes = strcspn(page, "\n");

		check_line(page, bytes, style);
		assert_int_equal(page[bytes], '\n');
		page += bytes + 1;
	}
}

static void test_every_style(void **state)
{
	(void)state;
	for (size_t i = 0; i < REPORT_CASES; i++) {
		for (unsigned columns = 40; columns <= 100; columns++) {
			for (unsigned bits = 0; bits < 4; bits++) {
				const struct text_style style = {
					.colour = bits & 1, .utf8 = bits & 2, .columns = columns};
				struct text out = {0};

				print_case(i, &style, &out);
				check_page(text_str(&out), &style);
				text_free(&out);
			}
		}
	}
}

/* Names as networks of the world have them take as many columns as the C library says. */
static void test_width(void **state)
{
	static const char *const names[] = {
		"",
		"587",
		"\u25cf \u00b7 \u2026",
		"M\u00fcnchen",
		"Mu\u0308nchen",
		"\u65e5\u672c\u96fb\u4fe1",
		"\ud55c\uad6d\ud1b5\uc2e0",
		"\u0915\u0941\u0902",
		"\u0e01\u0e34\u0e19",
		"\u0421\u0432\u044f\u0437\u044c",
		"\u05e9\u05b8\u05dc\u05d5\u05b9\u05dd",
	};
	locale_t unicode = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	locale_t before;

	(void)state;
	if (!unicode)
		skip();
	before = uselocale(unicode);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		wchar_t wide[64];
		size_t n = mbstowcs(wide, names[i], 64);

		assert_int_equal(page_width(names[i]), wcswidth(wide, n));
	}
	uselocale(before);
	freelocale(unicode);
}

/* Sentences are wrapped; what is to be pasted is not, and is as harmless to a terminal. */
static void test_advice(void **state)
{
	const struct text_style style = {.columns = 40};
	struct text out = {0};
	struct page page = page_on(&out, &style);

	(void)state;
	page_advice(&page, &(struct margin){"  1. ", 5, "", PAINT_NONE},
		    "Allow it on this host, and see whether that is all:\n"
		    "ufw insert 1 allow out 587/tcp || ufw allow out 587/tcp\nufw\x1b[2J status");
	assert_string_equal(text_str(&out),
			    "  1. Allow it on this host, and see\n"
			    "     whether that is all:\n"
			    "       ufw insert 1 allow out 587/tcp || ufw allow out 587/tcp\n"
			    "       ufw\\x1b[2J status\n");
	text_free(&out);
}

static void test_columns_have_bounds(void **state)
{
	static const struct {
		unsigned asked;
		size_t given;
	} rows[] = {{0, 40}, {39, 40}, {40, 40}, {80, 80}, {100, 100}, {400, 100}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct text_style style = {.columns = rows[i].asked};
		struct page page = page_on(NULL, &style);

		assert_int_equal(page.columns, rows[i].given);
	}
}

static void test_cells(void **state)
{
	static const struct {
		const char *text;
		size_t columns;
		enum align align;
		bool utf8;
		const char *cell;
	} rows[] = {
		{"abc", 5, ALIGN_LEFT, true, "abc  "},	   {"abc", 5, ALIGN_RIGHT, true, "  abc"},
		{"abc", 6, ALIGN_CENTRE, true, " abc  "},  {"abcdef", 5, ALIGN_LEFT, true, "abcd…"},
		{"abcdef", 5, ALIGN_LEFT, false, "abcd~"}, {"äöü", 3, ALIGN_LEFT, true, "äöü"},
		{"äöü", 3, ALIGN_LEFT, false, "???"},	   {"網路", 3, ALIGN_LEFT, true, "網…"},
		{"網路", 4, ALIGN_LEFT, true, "網路"},	   {"網路", 2, ALIGN_LEFT, true, "… "},
		{"a\nb", 6, ALIGN_LEFT, true, "a\\x0ab"},  {"\xff", 4, ALIGN_LEFT, true, "\\xff"},
		{"", 2, ALIGN_LEFT, true, "  "},	   {NULL, 2, ALIGN_LEFT, true, "  "},
		{"abc", 0, ALIGN_LEFT, true, ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct text_style style = {.utf8 = rows[i].utf8, .columns = 80};
		const struct cell cell = {
			.text = rows[i].text, .columns = rows[i].columns, .align = rows[i].align};
		struct text out = {0};
		struct page page = page_on(&out, &style);

		page_cell(&page, &cell);
		assert_string_equal(text_str(&out), rows[i].cell);
		text_free(&out);
	}
}

static void test_paragraphs(void **state)
{
	static const struct {
		const char *lead;
		size_t indent;
		const char *broken, *text, *lines;
	} rows[] = {
		{"", 0, "", "one", "one\n"},
		{"", 0, "", "", "\n"},
		{"- ", 2, "", "  spaces around  ", "- spaces around\n"},
		{"", 0, "", "0123456789 0123456789 0123456789 0123456 x",
		 "0123456789 0123456789 0123456789 0123456\nx\n"},
		{"- ", 2, "", "0123456789 0123456789 0123456789 01234 x",
		 "- 0123456789 0123456789 0123456789 01234\n  x\n"},
		{"", 2, "", "0123456789012345678901234567890123456789012",
		 "0123456789012345678901234567890123456789\n  012\n"},
		{"run: ", 2, " \\", "nft delete rule inet filter output handle 7",
		 "run: nft delete rule inet filter \\\n  output handle 7\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct text_style style = {.columns = 40};
		const struct margin margin = {rows[i].lead, rows[i].indent, rows[i].broken, 0};
		struct text out = {0};
		struct page page = page_on(&out, &style);

		page_paragraph(&page, &margin, rows[i].text);
		assert_string_equal(text_str(&out), rows[i].lines);
		text_free(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_style), cmocka_unit_test(test_width),
		cmocka_unit_test(test_advice),	    cmocka_unit_test(test_columns_have_bounds),
		cmocka_unit_test(test_cells),	    cmocka_unit_test(test_paragraphs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
