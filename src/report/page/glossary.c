/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/page/glossary.h"
#include "report/page/page.h"
#include <string.h>

#define SECTION ".Sh WORDS OF THE RESULT"
#define TITLE	".Ss "
#define ENTRY	".It Cm "
#define INDENT	"    "

/* A line of the manual, without its end. */
struct line {
	const char *at;
	size_t n;
};

/* The next line at *rest, which moves on; false at the end. */
static bool next_line(struct line *rest, struct line *out)
{
	if (rest->n == 0)
		return false;
	const char *end = memchr(rest->at, '\n', rest->n);
	*out = (struct line){rest->at, end ? (size_t)(end - rest->at) : rest->n};
	size_t used = out->n + (end != NULL);
	rest->at += used;
	rest->n -= used;
	return true;
}

static bool begins(const struct line *line, const char *with)
{
	size_t n = strlen(with);
	return line->n >= n && memcmp(line->at, with, n) == 0;
}

/* Whether an entry's line is about the word. */
static bool is_about(const struct line *line, const char *word)
{
	size_t n = strlen(ENTRY);
	return begins(line, ENTRY) && line->n == n + strlen(word) &&
	       memcmp(line->at + n, word, strlen(word)) == 0;
}

/* "word (rule):", and what stands there, as a paragraph. */
static void add_entry(const struct page *p, const char *word, const struct line *title,
		      const struct text *body)
{
	const struct margin margin = {.lead = INDENT, .indent = strlen(INDENT), .broken = ""};
	struct text head = {0};
	text_addf(&head, "%s (", word);
	text_add_bytes(&head, title->at, title->n);
	text_add(&head, ")\n");
	page_put(p, text_str(&head));
	page_paragraph(p, &margin, text_str(body));
	p->out->failed |= head.failed || body->failed;
	text_free(&head);
}

size_t glossary_explain(const char *manual, size_t n, const char *word,
			const struct text_style *style, struct text *out)
{
	struct page page = page_on(out, style);
	struct line rest = {manual, n}, line, title = {"", 0};
	struct text body = {0};
	bool inside = false, about = false;
	size_t found = 0;
	while (next_line(&rest, &line)) {
		bool macro = begins(&line, ".");
		if (macro && about) {
			add_entry(&page, word, &title, &body);
			text_free(&body);
			body = (struct text){0};
			about = false;
		}
		if (begins(&line, ".Sh "))
			inside = begins(&line, SECTION);
		if (begins(&line, TITLE))
			title = (struct line){line.at + strlen(TITLE), line.n - strlen(TITLE)};
		if (inside && is_about(&line, word)) {
			about = true;
			found++;
		} else if (about) {
			text_add(&body, body.len ? " " : "");
			text_add_bytes(&body, line.at, line.n);
		}
	}
	text_free(&body);
	return found;
}

const char *glossary_sign(const char *sign)
{
	static const struct {
		enum glyph glyph;
		const char *word;
	} words[] = {
		{GLYPH_SEEN, "seen"},	      {GLYPH_SILENT, "silent"}, {GLYPH_REFUSED, "refused"},
		{GLYPH_STRANGER, "stranger"}, {GLYPH_HERE, "here"},
	};
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		for (int utf8 = 0; utf8 < 2; utf8++) {
			struct page page = {.utf8 = utf8};
			if (strcmp(page_glyph(&page, words[i].glyph), sign) == 0)
				return words[i].word;
		}
	}
	return NULL;
}
