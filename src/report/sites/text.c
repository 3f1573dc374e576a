/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/page/page.h"
#include "report/sites/sites.h"
#include "report/sites/words.h"
#include <stdio.h>
#include <string.h>

#define NAMES_SHOWN    12 /* of one share; the rest are counted */
#define SHARES_SHOWN   20
#define COUNT_COLUMNS  8
#define COUNT_COLUMN_N 4
#define COUNT_BYTES    16

/* The sites of the share by name, as many as one likes to read. */
static void put_names(const struct page *p, const struct share *share, const struct site *sites)
{
	const struct margin margin = {"    ", 4, "", PAINT_FAINT};
	struct text names = {0};
	for (size_t i = 0; i < share->sites_n && i < NAMES_SHOWN; i++) {
		text_add(&names, i ? ", " : "sites: ");
		text_add(&names, sites[share->sites[i]].name);
	}
	if (share->sites_n > NAMES_SHOWN)
		text_addf(&names, " and %zu more", share->sites_n - NAMES_SHOWN);
	page_paragraph(p, &margin, text_str(&names));
	p->out->failed = p->out->failed || names.failed;
	text_free(&names);
}

static void put_share(const struct page *p, const struct sites_result *r, const struct share *share,
		      const struct site *sites)
{
	const struct margin margin = {"  - ", 4, "",
				      share->kind == SHARE_LINK || share->kind == SHARE_NETWORK
					      ? PAINT_STRONG
					      : PAINT_NONE};
	const struct margin other = {"      ", 6, "", PAINT_NONE};
	struct text words = {0};
	sites_words_share(r, share, sites, &words);
	page_paragraph(p, &margin, text_str(&words));
	for (size_t i = 0; i < share->suspects_n && share->kind == SHARE_LINK && !share->named;
	     i++) {
		words.len = 0;
		sites_words_stretch(&share->suspects[i], &words);
		page_paragraph(p, &other, text_str(&words));
	}
	put_names(p, share, sites);
	p->out->failed = p->out->failed || words.failed;
	text_free(&words);
}

/* Those with nobody beside them, in one line. */
static void put_alone(const struct page *p, const struct sites_result *r, const struct site *sites)
{
	const struct margin margin = {"  - ", 4, "", PAINT_NONE};
	struct text words = {0};
	size_t n = 0;
	for (size_t i = 0; i < r->shares_n; i++) {
		if (r->shares[i].kind != SHARE_ALONE)
			continue;
		if (n < NAMES_SHOWN) {
			text_add(&words, n ? ", " : "Nobody else loses it where these do: ");
			text_add(&words, sites[r->shares[i].sites[0]].name);
		}
		n++;
	}
	if (n > NAMES_SHOWN)
		text_addf(&words, " and %zu more", n - NAMES_SHOWN);
	text_add(&words, ". Only their own verdicts speak.");
	if (n > 0)
		page_paragraph(p, &margin, text_str(&words));
	p->out->failed = p->out->failed || words.failed;
	text_free(&words);
}

static void put_shares(const struct page *p, const struct sites_result *r, const struct site *sites)
{
	const struct margin margin = {"  - ", 4, "", PAINT_NONE};
	size_t shown = 0, more = 0;
	if (r->shares_n > 0)
		page_end(p);
	for (size_t i = 0; i < r->shares_n; i++) {
		if (r->shares[i].kind == SHARE_ALONE)
			continue;
		if (shown < SHARES_SHOWN)
			put_share(p, r, &r->shares[i], sites);
		more += shown++ >= SHARES_SHOWN;
	}
	if (more > 0) {
		char words[64];
		snprintf(words, sizeof(words), "and %zu more, in the JSON and on the page.", more);
		page_paragraph(p, &margin, words);
	}
	put_alone(p, r, sites);
}

static void put_row(const struct page *p, const char *name, size_t width,
		    const char *const counts[COUNT_COLUMN_N])
{
	page_spaces(p, 2);
	page_cell(p, &(struct cell){name, width, ALIGN_LEFT, PAINT_NONE});
	for (size_t i = 0; i < COUNT_COLUMN_N; i++)
		page_cell(p, &(struct cell){counts[i], COUNT_COLUMNS, ALIGN_RIGHT, PAINT_NONE});
	page_end(p);
}

static void put_providers(const struct page *p, const struct sites_result *r)
{
	const size_t width = p->columns - 2 - COUNT_COLUMN_N * COUNT_COLUMNS;
	page_end(p);
	put_row(p, "provider", width, (const char *const[]){"sites", "lost", "open", "unknown"});
	for (size_t i = 0; i < r->providers_n; i++) {
		const struct provider_row *row = &r->providers[i];
		const uint32_t n[COUNT_COLUMN_N] = {row->sites, row->failing, row->open,
						    row->unknown};
		char digits[COUNT_COLUMN_N][COUNT_BYTES];
		struct text name = {0};
		for (size_t k = 0; k < COUNT_COLUMN_N; k++)
			snprintf(digits[k], sizeof(digits[k]), "%u", n[k]);
		sites_words_provider(row, &name);
		put_row(p, text_str(&name), width,
			(const char *const[]){digits[0], digits[1], digits[2], digits[3]});
		p->out->failed = p->out->failed || name.failed;
		text_free(&name);
	}
}

void report_sites_text(const struct sites_result *r, const struct site *sites,
		       const struct text_style *style, struct text *out)
{
	const struct margin plain = {"", 0, "", PAINT_NONE}, strong = {"", 0, "", PAINT_STRONG};
	struct page page = page_on(out, style);
	struct text words = {0};
	sites_words_head(r, &words);
	page_paragraph(&page, &strong, text_str(&words));
	put_shares(&page, r, sites);
	put_providers(&page, r);
	page_end(&page);
	page_paragraph(&page, &plain, sites_words_caution());
	out->failed = out->failed || words.failed;
	text_free(&words);
}
