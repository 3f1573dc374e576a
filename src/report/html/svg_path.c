/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/html/svg.h"
#include "report/page/hop_marks.h"
#include "report/page/hop_table.h"
#include <stdio.h>

#define ROW	   44
#define GAP	   26 /* more between the rows where the ports part */
#define TOP	   34
#define X_HOP	   14
#define X_CONTROL  56
#define X_TARGET   96
#define X_LABEL	   122
#define LABEL_MAX  44 /* characters */
#define HEIGHT_MAX 60 /* rows: longer ways are cut */

/* The drawing while it is made; row 0 is this host. */
struct drawing {
	const struct html *h;
	struct link_span link;
	struct hop_row host;
	size_t rows_n; /* without this host */
};

static const struct hop_row *row_at(const struct drawing *d, size_t i)
{
	return i == 0 ? &d->host : &d->h->f->hops[i - 1];
}

/* Whether the ports part between two hops, not at one. */
static bool is_between(const struct drawing *d)
{
	return d->link.from_hop < d->link.to_hop;
}

static int y_of(const struct drawing *d, size_t i)
{
	/* There is room for the bar and its words where the ports part. */
	bool beyond = d->link.known && row_at(d, i)->hop > d->link.from_hop;

	return TOP + (int)i * ROW + ROW / 2 + (beyond ? GAP : 0);
}

/* Where on the drawing a hop is: the row that has it, or the last before it. */
static size_t row_of_hop(const struct drawing *d, int hop)
{
	size_t found = 0;

	for (size_t i = 0; i <= d->rows_n; i++) {
		if (row_at(d, i)->hop <= hop)
			found = i;
	}
	return found;
}

static void shade(const struct drawing *d)
{
	size_t first = row_of_hop(d, d->link.from_hop), last = row_of_hop(d, d->link.to_hop);
	int top, bottom;

	if (!d->link.known)
		return;
	top = y_of(d, first) - (first == last ? ROW / 2 : 0);
	bottom = y_of(d, last) + (first == last ? ROW / 2 + GAP - 4 : 0);
	html_putf(d->h, "<rect class=\"shade\" x=\"0\" y=\"%d\" width=\"%d\" height=\"%d\"/>\n",
		  top, SVG_WIDTH, bottom - top);
}

/* The last row to which the port under test provably came. */
static size_t reached(const struct drawing *d)
{
	size_t last = 0;

	for (size_t i = 0; i <= d->rows_n; i++) {
		struct marks marks = hop_marks(d->h->f, row_at(d, i));

		if (marks.target.asked && marks.target.glyph == GLYPH_SEEN)
			last = i;
	}
	return last;
}

static void lines(const struct drawing *d)
{
	size_t seen = reached(d);
	int end = y_of(d, d->rows_n);

	html_putf(d->h, "<path class=\"way\" d=\"M%d %dV%d\"/>", X_CONTROL, y_of(d, 0), end);
	html_putf(d->h, "<path class=\"way\" d=\"M%d %dV%d\"/>", X_TARGET, y_of(d, 0),
		  y_of(d, seen));
	if (seen < d->rows_n)
		html_putf(d->h, "<path class=\"cut\" d=\"M%d %dV%d\"/>", X_TARGET, y_of(d, seen),
			  end);
	html_put(d->h, "\n");
}

static void wall(const struct drawing *d, const char *label)
{
	size_t first = row_of_hop(d, d->link.from_hop), last = row_of_hop(d, d->link.to_hop);
	int y;

	if (!d->link.known)
		return;
	y = is_between(d) && first < d->rows_n ? (y_of(d, first) + y_of(d, first + 1)) / 2 + 3
					       : y_of(d, last) + ROW / 2 + 8;
	html_putf(d->h, "<path class=\"wall\" d=\"M%d %dH%d\"/>", X_TARGET - 14, y, X_TARGET + 14);
	html_putf(d->h, "<text class=\"b\" x=\"%d\" y=\"%d\">", X_LABEL, y + 4);
	html_cut(d->h, label, LABEL_MAX);
	html_put(d->h, "</text>\n");
}

static void label(const struct drawing *d, const struct hop_row *row, int y)
{
	struct text address = {0}, owner = {0};

	hop_address(row, d->h->server, NULL, &address);
	hop_owner(row, d->h->server, NULL, &owner);
	html_putf(d->h, "<text class=\"m\" x=\"%d\" y=\"%d\">", X_LABEL, y - 1);
	html_cut(d->h, text_str(&address), LABEL_MAX);
	html_putf(d->h, "</text><text class=\"f\" x=\"%d\" y=\"%d\">", X_LABEL, y + 12);
	html_cut(d->h, text_str(&owner), LABEL_MAX);
	html_put(d->h, "</text>\n");
	d->h->out->failed |= address.failed || owner.failed;
	text_free(&address);
	text_free(&owner);
}

static void rows(const struct drawing *d)
{
	for (size_t i = 0; i <= d->rows_n; i++) {
		const struct hop_row *row = row_at(d, i);
		struct marks marks = hop_marks(d->h->f, row);
		int y = y_of(d, i);

		html_putf(d->h, "<text class=\"f\" x=\"%d\" y=\"%d\">%u</text>", X_HOP, y + 4,
			  row->hop);
		if (marks.control.asked)
			svg_glyph(d->h, marks.control.glyph, X_CONTROL, y);
		if (marks.target.asked)
			svg_glyph(d->h, marks.target.glyph, X_TARGET, y);
		label(d, row, y);
	}
}

static void header(const struct drawing *d)
{
	html_putf(d->h, "<text class=\"f\" x=\"%d\" y=\"14\">hop</text>", X_HOP - 8);
	html_putf(d->h, "<text x=\"%d\" y=\"14\" text-anchor=\"middle\">%u</text>", X_CONTROL,
		  d->h->f->control);
	html_putf(d->h,
		  "<text x=\"%d\" y=\"14\" text-anchor=\"middle\" font-weight=\"700\">%u</text>",
		  X_TARGET, d->h->server->port);
	html_putf(d->h, "<path class=\"rule\" d=\"M0 22H%d\"/>\n", SVG_WIDTH);
}

static void describe(const struct drawing *d, struct text *out)
{
	const struct hop_row *last = row_at(d, reached(d));

	text_addf(out, "%zu hops, from this host to the server. ", d->rows_n);
	text_addf(out, "Port %u provably got as far as hop %u; ", d->h->server->port, last->hop);
	text_addf(out, "the control port %u was followed beside it. ", d->h->f->control);
	text_add(out, "The table below says the same.");
}

static void legend(const struct html *h)
{
	html_put(h,
		 "<figcaption>Both ports from this host (hop 0) down to the server. A filled "
		 "circle: it got there. A hollow one: nothing came back. A cross: a refusal came "
		 "back. A diamond: something nearer than the server answered. The bar and the "
		 "shaded ground: where the ports part, and what is suspected.</figcaption>\n");
}

void svg_path(const struct html *h)
{
	const struct judgement *j = &h->r->verdict.judgement;
	struct drawing d = {
		.h = h,
		.link = j->link.known ? j->link : h->f->judgement.link,
		.host = hop_of_host(h->t, h->f),
		.rows_n = h->f->hops_n < HEIGHT_MAX ? h->f->hops_n : HEIGHT_MAX,
	};
	struct hop_table words = {0};
	struct text description = {0};

	snprintf(words.port, sizeof(words.port), "%u", h->server->port);
	hop_table_label(&words, j->mechanism);
	describe(&d, &description);
	html_put(h, "<figure>\n");
	svg_begin(h, "way", y_of(&d, d.rows_n) + ROW, "The way to the server, hop by hop",
		  text_str(&description));
	shade(&d);
	header(&d);
	lines(&d);
	rows(&d);
	if (j->state != STATE_OPEN && j->state != STATE_UNKNOWN)
		wall(&d, words.label);
	svg_end(h);
	legend(h);
	html_put(h, "</figure>\n");
	h->out->failed |= description.failed;
	text_free(&description);
}
