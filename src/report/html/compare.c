/* SPDX-License-Identifier: BSD-2-Clause */
/* Where each capture looked, drawn on the way; and both ends side by side. */
#include "report/html/parts.h"
#include "report/html/svg.h"
#include "report/page/compare_parts.h"
#include <inttypes.h>
#include <stdio.h>

#define ROW	  30
#define TOP	  20
#define X_WAY	  30
#define X_LABEL	  52
#define HOPS_MAX  40
#define NS_PER_MS 1e6

static const char *const packet_columns[] = {"ms",    "the client",	   "frame", "other capture",
					     "frame", "what became of it", NULL};
static const char *const capture_columns[] = {"capture", "place", "clock", "packets", NULL};

static int last_hop(const struct html *h, const struct comparison *c)
{
	int last = h->f ? h->f->distance_control : 0;

	for (size_t i = 1; i < c->captures_n; i++) {
		if (c->captures[i].placed && c->captures[i].hop_max + 1 > last)
			last = c->captures[i].hop_max + 1;
	}
	return last > HOPS_MAX ? HOPS_MAX : last;
}

static void label(const struct html *h, int y, const char *text)
{
	html_putf(h, "<text x=\"%d\" y=\"%d\">", X_LABEL, y + 4);
	html_cut(h, text, 48);
	html_put(h, "</text>\n");
}

static void draw_hop(const struct html *h, int hop, int last)
{
	int y = TOP + hop * ROW;
	char text[32];

	if (hop == 0)
		snprintf(text, sizeof(text), "the client");
	else if (hop == last)
		snprintf(text, sizeof(text), "the server");
	else
		snprintf(text, sizeof(text), "hop %d", hop);
	html_putf(h, "<circle class=\"seen\" cx=\"%d\" cy=\"%d\" r=\"5\"/>\n", X_WAY, y);
	label(h, y, text);
}

/* A capture sees what leaves the hop before it. */
static void draw_capture(const struct html *h, const struct compared_capture *c, size_t number)
{
	for (int hop = c->hop_min; c->placed && hop <= c->hop_max && hop < HOPS_MAX; hop++) {
		int y = TOP + hop * ROW + ROW / 2;
		char text[32];

		if (hop < 0 || (hop != c->hop_min && hop != c->hop_max))
			continue;
		snprintf(text, sizeof(text), "capture %zu", number);
		html_putf(h, "<path class=\"foreign\" d=\"M%d %dl6 6l-6 6l-6 -6z\"/>\n", X_WAY,
			  y - 6);
		label(h, y, text);
	}
}

static void draw(const struct html *h, const struct comparison *c)
{
	const struct link_span *link = &h->r->verdict.judgement.link;
	int last = last_hop(h, c);

	if (last < 1)
		return;
	html_put(h, "<figure>\n");
	svg_begin(h, "ends", 2 * TOP + last * ROW, "Where the captures looked",
		  "The way from the client down to the server, with each capture between the "
		  "hops where it looked; the part to which the evidence points is shaded.");
	if (link->known && link->from_hop <= last)
		html_putf(h,
			  "<rect class=\"shade\" x=\"0\" y=\"%d\" width=\"%d\" "
			  "height=\"%d\"/>\n",
			  TOP + link->from_hop * ROW - ROW / 2, SVG_WIDTH,
			  (link->to_hop - link->from_hop + 1) * ROW);
	html_putf(h, "<path class=\"way\" d=\"M%d %dV%d\"/>\n", X_WAY, TOP, TOP + last * ROW);
	for (int hop = 0; hop <= last; hop++)
		draw_hop(h, hop, last);
	for (size_t i = 1; i < c->captures_n; i++)
		draw_capture(h, &c->captures[i], i + 1);
	svg_end(h);
	html_put(h, "</figure>\n");
}

static void captures(const struct html *h, const struct comparison *c)
{
	html_table_begin(h, "The captures", capture_columns, false);
	for (size_t i = 1; i < c->captures_n; i++) {
		const struct compared_capture *capture = &c->captures[i];
		const struct compared_clock *clock = &capture->clock;
		struct text place = {0};

		compare_place_text(capture, &place);
		html_putf(h, "<tr><td>%zu</td>", i + 1);
		html_element(h, "td", text_str(&place));
		if (clock->known)
			html_putf(h, "<td>%+.3f ms, %+.1f ppm</td>",
				  (double)clock->offset_ns / NS_PER_MS, clock->drift_ppm);
		else
			html_put(h, "<td>unknown</td>");
		html_putf(h,
			  "<td>%" PRIu32 " arrived, %" PRIu32 " changed, %" PRIu32
			  " vanished, %" PRIu32 " from nowhere</td></tr>\n",
			  capture->arrived, capture->changed, capture->vanished, capture->appeared);
		h->out->failed |= place.failed;
		text_free(&place);
	}
	html_table_end(h);
}

static void frame(const struct html *h, uint32_t number)
{
	if (number)
		html_putf(h, "<td>%" PRIu32 "</td>", number);
	else
		html_put(h, "<td></td>");
}

static void rows(const struct html *h, const struct comparison *c)
{
	html_table_begin(h, c->telling_title, packet_columns, false);
	for (size_t i = 0; i < c->rows_n; i++) {
		const struct compared_row *row = &c->rows[i];

		html_putf(h, "<tr><td>%.3f</td>", (double)row->at_ns / NS_PER_MS);
		html_element(h, "td", row->client_frame ? row->client : "not seen");
		frame(h, row->client_frame);
		html_element(h, "td", row->other_frame ? row->other : "not seen");
		frame(h, row->other_frame);
		html_put(h, "<td>");
		if (row->first_difference)
			html_element(h, "strong", "the first difference:");
		html_text(h, compare_fate_name(row->fate));
		html_put(h, "</td></tr>\n");
	}
	html_table_end(h);
}

void html_compare(const struct html *h)
{
	const struct comparison *c = h->r->comparison;

	if (!c)
		return;
	html_element(h, "h2", "Both ends");
	draw(h, c);
	captures(h, c);
	if (c->rows_n > 0)
		rows(h, c);
}
