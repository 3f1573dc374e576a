/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/html/parts.h"
#include "report/sites/sites.h"
#include "report/sites/words.h"

static void put_words(const struct html *h, const char *tag, struct text *words)
{
	html_element(h, tag, text_str(words));
	h->out->failed = h->out->failed || words->failed;
	text_free(words);
}

/* What the share says, where it may be, and who is in it. */
static void put_share(const struct html *h, const struct sites_result *r, const struct share *share,
		      const struct site *sites)
{
	struct text words = {0};
	sites_words_share(r, share, sites, &words);
	html_put(h, "<li>");
	put_words(h, "p", &words);
	html_put(h, share->suspects_n > 0 ? "<ul>" : "");
	for (size_t i = 0; i < share->suspects_n; i++) {
		struct text place = {0};
		sites_words_stretch(&share->suspects[i], &place);
		text_addf(&place, ": %u lost, %u got past", share->suspects[i].failing,
			  share->suspects[i].passing);
		put_words(h, "li", &place);
	}
	html_put(h, share->suspects_n > 0 ? "</ul>" : "");
	html_putf(h, "<details><summary>%zu sites</summary><p>", share->sites_n);
	for (size_t i = 0; i < share->sites_n; i++) {
		html_put(h, i ? ", " : "");
		html_text(h, sites[share->sites[i]].name);
	}
	html_put(h, "</p></details></li>\n");
}

static void put_providers(const struct html *h, const struct sites_result *r)
{
	static const char *const columns[] = {"provider", "sites", "lost", "open", "unknown", NULL};
	html_table_begin(h, "Providers", columns, false);
	for (size_t i = 0; i < r->providers_n; i++) {
		const struct provider_row *row = &r->providers[i];
		struct text name = {0};
		sites_words_provider(row, &name);
		html_put(h, "<tr>");
		put_words(h, "td", &name);
		html_putf(h, "<td>%u</td><td>%u</td><td>%u</td><td>%u</td></tr>\n", row->sites,
			  row->failing, row->open, row->unknown);
	}
	html_table_end(h);
}

void report_sites_html(const struct sites_result *r, const struct site *sites, struct text *out)
{
	struct html h = {.out = out};
	struct text head = {0};
	sites_words_head(r, &head);
	html_begin(&h, text_str(&head));
	put_words(&h, "h1", &head);
	html_element(&h, "p", sites_words_caution());
	html_put(&h, r->shares_n > 0 ? "<h2>What they share</h2>\n<ol>\n" : "");
	for (size_t i = 0; i < r->shares_n; i++)
		put_share(&h, r, &r->shares[i], sites);
	html_put(&h, r->shares_n > 0 ? "</ol>\n" : "");
	put_providers(&h, r);
	html_end(&h);
}
