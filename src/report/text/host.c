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

static bool is_shown(const struct result *r, size_t index)
{
	const struct host_fact *fact = &r->facts[index];

	if (!fact->text || is_bulk(phrase_fact_kind(fact->kind)))
		return false;
	for (size_t i = 0; i < index; i++) {
		if (is_same(r->facts[i].text, fact->text) && is_same(r->facts[i].rule, fact->rule))
			return false;
	}
	return true;
}

static void print_fact(const struct page *p, const struct host_fact *fact)
{
	const char *broken = " \\";

	page_paragraph(p, &(struct margin){"  - ", 4, "", PAINT_NONE}, fact->text);
	if (fact->rule)
		page_paragraph(p, &(struct margin){"    the rule: ", 6, "", PAINT_NONE},
			       fact->rule);
	/* A command that goes on over the line's end must still be one command when it is pasted.
	 */
	if (fact->command)
		page_paragraph(p, &(struct margin){"    to allow it: ", 6, broken, PAINT_STRONG},
			       fact->command);
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
		print_fact(v->page, &r->facts[i]);
	}
}
