/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/page/phrase.h"
#include "report/text/parts.h"
#include <string.h>

#define FACTS_SHOWN 8

/* Bulk data of the run: in the JSON result for every server, of no use on a page. */
static bool is_bulk(const char *kind)
{
	static const char *const bulk[] = {"connect", "smtp", "tls", "route", "name", "dns"};

	for (size_t i = 0; i < sizeof(bulk) / sizeof(bulk[0]); i++) {
		if (strcmp(kind, bulk[i]) == 0)
			return true;
	}
	return false;
}

static bool is_same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* Whether the words stand in one of these. */
static bool is_said(const char *words, const char *const *texts, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (texts[i] && strstr(texts[i], words))
			return true;
	}
	return false;
}

/* Whether one of the reasons quotes the rule. */
static bool is_quoted(const struct verdict *v, const char *rule)
{
	for (size_t i = 0; i < v->reasons_n; i++) {
		if (is_said(rule, &v->reasons[i].text, 1))
			return true;
	}
	return false;
}

/* Of a fact, what was not said already: its text in the sentence, its rule in a reason, its command
 * in an advice. */
static struct host_fact rest_of(const struct verdict *v, const struct host_fact *fact)
{
	struct host_fact rest = *fact;

	if (rest.text && is_said(rest.text, &v->sentence, 1))
		rest.text = NULL;
	if (rest.rule && is_quoted(v, rest.rule))
		rest.rule = NULL;
	if (rest.command && is_said(rest.command, v->next, v->next_n))
		rest.command = NULL;
	return rest;
}

static bool is_shown(const struct result *r, size_t index)
{
	const struct host_fact *fact = &r->facts[index];
	struct host_fact rest = rest_of(&r->verdict, fact);

	if (!fact->text || is_bulk(phrase_fact_kind(fact->kind)) ||
	    (!rest.text && !rest.rule && !rest.command))
		return false;
	for (size_t i = 0; i < index; i++) {
		if (is_same(r->facts[i].text, fact->text) && is_same(r->facts[i].rule, fact->rule))
			return false;
	}
	return true;
}

static void print_fact(const struct page *p, const struct host_fact *fact)
{
	const char *rule = "  - the rule: ", *allow = "  - to allow it:\n";

	if (fact->text) {
		page_paragraph(p, &(struct margin){"  - ", 4, "", PAINT_NONE}, fact->text);
		rule = "    the rule: ";
	}
	if (fact->rule)
		page_paragraph(p, &(struct margin){rule, 6, "", PAINT_NONE}, fact->rule);
	if (fact->text || fact->rule)
		allow = "    to allow it:\n";
	if (fact->command) {
		page_put(p, allow);
		page_commands(p, 6, fact->command);
	}
}

void text_host(const struct view *v)
{
	const struct result *r = v->r;
	size_t shown = 0;

	for (size_t i = 0; i < r->facts_n && shown < FACTS_SHOWN; i++) {
		if (!is_shown(r, i))
			continue;
		if (shown++ == 0)
			page_put(v->page,
				 v->t->run.own ? "\nOn this host:\n" : "\nOf the capture:\n");
		struct host_fact rest = rest_of(&r->verdict, &r->facts[i]);

		print_fact(v->page, &rest);
	}
}
