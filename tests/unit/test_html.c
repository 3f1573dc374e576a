/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The HTML report: complete, alone, and harmless. Every case is also written to the folder
 * HTML_SAMPLES, where an HTML validator looks at it.
 */
#include "evidence_case.h"
#include <stdio.h>

static void save(const char *name, const struct text *html)
{
	const char *folder = getenv("HTML_SAMPLES");
	char path[512];
	FILE *f;

	if (!folder)
		return;
	snprintf(path, sizeof(path), "%s/%s.html", folder, name);
	f = fopen(path, "we");
	assert_non_null(f);
	assert_int_equal(fwrite(html->s, 1, html->len, f), html->len);
	assert_int_equal(fclose(f), 0);
}

static size_t count(const char *text, const char *what)
{
	size_t n = 0;

	for (; (text = strstr(text, what)); text += strlen(what))
		n++;
	return n;
}

/* Nothing that loads or runs anything. */
static void check_alone(const char *html)
{
	static const char *const forbidden[] = {"<script", "<img",  "<link", "<iframe", "<object",
						"src=",	   "href=", "url(",  "@import"};

	for (size_t i = 0; i < sizeof(forbidden) / sizeof(forbidden[0]); i++) {
		if (strstr(html, forbidden[i]))
			fail_msg("the report holds %s", forbidden[i]);
	}
	assert_non_null(strstr(html, "default-src 'none'"));
}

static void check_document(const char *html)
{
	static const char *const pairs[] = {"html", "head", "body", "main", "table", "tbody",
					    "tr",   "svg",  "ol",   "ul",   "dl",    "figure"};

	assert_int_equal(strncmp(html, "<!DOCTYPE html>\n", 16), 0);
	assert_string_equal(html + strlen(html) - 8, "</html>\n");
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		char open[16], with[16], close[16];

		snprintf(open, sizeof(open), "<%s>", pairs[i]);
		snprintf(with, sizeof(with), "<%s ", pairs[i]);
		snprintf(close, sizeof(close), "</%s>", pairs[i]);
		assert_int_equal(count(html, open) + count(html, with), count(html, close));
	}
}

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < REPORT_CASES; i++) {
		struct sample *s = make_case(i);
		struct text html = {0};

		report_html(&s->run, &s->t, &s->r, &html);
		assert_false(html.failed);
		check_document(text_str(&html));
		check_alone(text_str(&html));
		check_harmless(text_str(&html));
		save(report_cases[i].name, &html);
		text_free(&html);
		free_case(s);
	}
}

static void test_says(void **state)
{
	static const struct {
		const char *name, *says;
	} rows[] = {
		{"isp-drop", "<p class=\"state bad\">blocked</p>"},
		{"isp-drop", "frame.number in {12, 19, 26, 33}"},
		{"isp-drop", "<tr class=\"break\"><th scope=\"row\">3</th>"},
		{"isp-drop", "role=\"img\""},
		{"isp-drop", "silence to 587"},
		{"open", "<p class=\"state good\">open</p>"},
		{"no-network", "<p class=\"state doubt\">no verdict</p>"},
		{"gw-or-isp", "The evidence excludes none of these"},
		{"gw-or-isp",
		 "compare:<pre>whoblocks compare client.pcapng router.pcapng</pre><pre>"},
		{"reset-by-gateway", "587 is reset"},
		{"reset-by-gateway", "3 of 3 refused"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sample *s = make_case(find_case(rows[i].name));
		struct text html = {0};

		report_html(&s->run, &s->t, &s->r, &html);
		if (!strstr(text_str(&html), rows[i].says))
			fail_msg("%s does not say %s", rows[i].name, rows[i].says);
		text_free(&html);
		free_case(s);
	}
}

static void test_hostile(void **state)
{
	struct about about;
	struct sample *s = hostile_case(&about);
	struct text html = {0};

	(void)state;
	report_html(&s->run, &s->t, &s->r, &html);
	assert_false(html.failed);
	check_document(text_str(&html));
	assert_null(strstr(text_str(&html), "<script"));
	assert_null(strstr(text_str(&html), "<img"));
	assert_null(strstr(text_str(&html), "alert('"));
	assert_non_null(strstr(text_str(&html), "&lt;script&gt;alert(&#39;1&#39;)"));
	/* The dialogue, the certificate, the names, the rule and the command line all stand there.
	 */
	assert_true(count(text_str(&html), "&lt;script&gt;") > 20);
	check_harmless(text_str(&html));
	save("everything-hostile", &html);
	text_free(&html);
	free_case(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_says),
		cmocka_unit_test(test_hostile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
