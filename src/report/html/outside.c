/* SPDX-License-Identifier: BSD-2-Clause */
/* What places elsewhere saw: what it comes to, a drawing, and each of them. */
#include "outside/view.h"
#include "report/html/svg.h"
#include "report/page/phrase.h"
#include <stdio.h>

#define ROW	    22
#define TOP	    18
#define X_FROM	    150
#define X_TO	    400
#define LINES_MAX   60 /* that are drawn */
#define HOPS_LEAST  4
#define LABEL_BYTES 96

static const char *const columns[] = {"place", "network", "country", "port", "where", NULL};

/* The greatest hop that any place's SYNs were seen at. */
static int longest(const struct outside_view *view)
{
	int most = HOPS_LEAST;

	for (size_t i = 0; i < view->rows_n; i++) {
		for (size_t k = 0; k < view->sites[i].ways_n; k++) {
			const struct site_way *way = &view->sites[i].ways[k];

			if (way->hops_n > 0 && way->hops[way->hops_n - 1].hop > most)
				most = way->hops[way->hops_n - 1].hop;
		}
	}
	return most;
}

/* One place's way: to the server, or to where its SYNs get lost. */
static void draw_row(const struct html *h, const struct outside_row *row, int y, int most)
{
	const struct link_span *link = &row->judgement.link;
	bool open = row->fate == OUTSIDE_OPEN;
	bool placed = row->fate == OUTSIDE_BLOCKED && link->known;
	int end = placed ? X_FROM + (X_TO - X_FROM) * (link->from_hop + link->to_hop) /
					    (2 * (most + 1))
			 : X_TO;
	char label[LABEL_BYTES];

	end = end > X_TO ? X_TO : end;
	snprintf(label, sizeof(label), "%.20s%s%u", row->vantage->probe, row->asn ? ", AS" : " ",
		 row->asn);
	if (!row->asn)
		snprintf(label, sizeof(label), "%.20s", row->vantage->probe);
	html_putf(h, "<text x=\"4\" y=\"%d\"%s>", y + 4, row->same ? " class=\"strong\"" : "");
	html_text(h, label);
	html_put(h, "</text>\n");
	if (row->fate == OUTSIDE_OUT || row->fate == OUTSIDE_UNDECIDED) {
		svg_glyph(h, GLYPH_SILENT, X_FROM, y);
		return;
	}
	html_putf(h, "<path class=\"way\" d=\"M%d %dH%d\"/>\n", X_FROM, y, end);
	svg_glyph(h, open ? GLYPH_SEEN : GLYPH_REFUSED, end, y);
}

static void draw(const struct html *h, const struct outside_view *view)
{
	size_t n = view->rows_n < LINES_MAX ? view->rows_n : LINES_MAX;
	int most = longest(view), y = TOP;

	html_put(h, "<figure>\n");
	svg_begin(h, "outside", 2 * TOP + (int)n * ROW, "The port from elsewhere",
		  "A line for each place that was asked, from the place at the left to the server "
		  "at the right: a dot where it reaches the server, a cross where its SYNs get "
		  "lost.");
	for (int same = 1; same >= 0; same--) {
		for (size_t i = 0; i < n; i++) {
			if (view->rows[i].same != (same == 1))
				continue;
			draw_row(h, &view->rows[i], y, most);
			y += ROW;
		}
	}
	svg_end(h);
	html_put(h, "</figure>\n");
}

static void put_where(const struct html *h, const struct outside_row *row)
{
	const struct link_span *link = &row->judgement.link;
	const char *party = phrase_place(row->judgement.blocker);
	char from[ADDR_TEXT_BYTES], to[ADDR_TEXT_BYTES];

	html_put(h, "<td data-label=\"where\">");
	if (row->why)
		html_text(h, row->why);
	else if (row->fate == OUTSIDE_BLOCKED && party)
		html_text(h, party);
	if (row->fate == OUTSIDE_BLOCKED && link->known)
		html_putf(h, " <span class=\"mono\">%s</span> to <span class=\"mono\">%s</span>",
			  addr_text(&link->from, from), addr_text(&link->to, to));
	html_put(h, "</td></tr>\n");
}

static void put_row(const struct html *h, const struct outside_row *row)
{
	html_putf(h, "<tr><th scope=\"row\">%s ", vantage_engine_title(row->vantage->engine));
	html_text(h, row->vantage->probe);
	html_put(h, "</th><td data-label=\"network\">");
	if (row->asn)
		html_putf(h, "AS%u ", row->asn);
	html_text(h, row->owner);
	html_put(h, "</td><td data-label=\"country\">");
	html_text(h, row->vantage->country);
	html_putf(h, "</td><td data-label=\"port\">%s%s</td>", outside_fate_name(row->fate),
		  row->counted || row->fate == OUTSIDE_OUT ? "" : ", a neighbour's line counts");
	put_where(h, row);
}

void html_outside(const struct html *h)
{
	const struct outside_view *view = h->run->outside;

	if (!view)
		return;
	html_put(h, "<section>\n<h2>Seen from outside</h2>\n<ul>\n");
	for (size_t i = 0; i < view->sentences_n; i++)
		html_element(h, "li", view->sentences[i]);
	html_put(h, "</ul>\n");
	draw(h, view);
	html_table_begin(h, "The places that were asked", columns, true);
	for (size_t i = 0; i < view->rows_n; i++)
		put_row(h, &view->rows[i]);
	html_table_end(h);
	html_put(h, "<p>Public measurements:");
	for (size_t i = 0; i < view->ids_n; i++) {
		html_put(h, i ? ", " : " ");
		html_text(h, view->ids[i]);
	}
	html_put(h, "</p>\n</section>\n");
}
