/* SPDX-License-Identifier: BSD-2-Clause */
/* Sentences with values, on the paper. */
#include "base/catalogue.h"
#include "report/ticket/parts.h"
#include <stdio.h>
#include <string.h>

void ticket_define(struct ticket *k, const char *name, const char *text)
{
	if (k->values_n < TICKET_VALUES)
		k->values[k->values_n++] = (struct ticket_value){name, text ? text : "-"};
}

static const char *value_of(const struct ticket *k, const char *name, size_t len)
{
	for (size_t i = 0; i < k->values_n; i++) {
		if (strlen(k->values[i].name) == len && memcmp(k->values[i].name, name, len) == 0)
			return k->values[i].text;
	}
	return "-";
}

/* Values are put in once: braces of a value mean nothing. */
static void expand(const struct ticket *k, const char *words, struct text *out)
{
	while (*words) {
		size_t plain = strcspn(words, "{"), len;

		text_add_bytes(out, words, plain);
		words += plain;
		if (!*words)
			return;
		len = strcspn(words, "}");
		text_add(out, value_of(k, words + 1, len - 1));
		words += words[len] ? len + 1 : len;
	}
}

void ticket_say(struct ticket *k, const char *lead, const char *words)
{
	struct text text = {0};

	expand(k, catalogue_say(k->arena.catalogue, words), &text);
	page_paragraph(&k->page, &(struct margin){lead, strlen(lead), "", PAINT_NONE},
		       text_str(&text));
	k->page.out->failed |= text.failed;
	text_free(&text);
}

void ticket_heading(struct ticket *k, enum ticket_line line)
{
	char number[16];

	snprintf(number, sizeof(number), "%u. ", ++k->headings);
	page_end(&k->page);
	ticket_say(k, number, ticket_line(line));
}
