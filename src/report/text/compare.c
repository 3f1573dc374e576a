/* SPDX-License-Identifier: BSD-2-Clause */
/* Both ends side by side. */
#include "report/page/compare_parts.h"
#include "report/text/parts.h"
#include <inttypes.h>
#include <stdio.h>

#define TIME_COLUMNS  10
#define ARROW_COLUMNS 4
#define ROWS_SHOWN    16
#define NS_PER_MS     1e6

/* What the arrow between the ends says; ASCII on every page. */
static const char *arrow(const struct compared_row *row)
{
	if (row->client_frame && row->other_frame)
		return row->back ? " <- " : " -> ";
	if (row->back)
		return row->client_frame ? " <| " : " |- ";
	return row->client_frame ? " -| " : "  - ";
}

static void add_frame(const char *text, uint32_t frame, struct text *out)
{
	if (frame)
		text_addf(out, "%s [%" PRIu32 "]", text, frame);
	else
		text_add(out, "not seen");
}

static void put_row(const struct view *v, const struct compared_row *row)
{
	const struct page *p = v->page;
	size_t side = (p->columns - TIME_COLUMNS - ARROW_COLUMNS) / 2;
	enum paint paint = row->first_difference ? PAINT_BAD : PAINT_NONE;
	struct text client = {0}, other = {0};
	char time[32];

	snprintf(time, sizeof(time), "%.3f", (double)row->at_ns / NS_PER_MS);
	add_frame(row->client, row->client_frame, &client);
	add_frame(row->other, row->other_frame, &other);
	page_cell(p, &(struct cell){row->first_difference ? ">" : " ", 2, ALIGN_LEFT, PAINT_BAD});
	page_cell(p, &(struct cell){time, TIME_COLUMNS - 3, ALIGN_RIGHT, PAINT_FAINT});
	page_put(p, " ");
	page_cell(p, &(struct cell){text_str(&client), side, ALIGN_LEFT, paint});
	page_cell(p, &(struct cell){arrow(row), ARROW_COLUMNS, ALIGN_LEFT, paint});
	page_cell(p, &(struct cell){text_str(&other), side, ALIGN_LEFT, paint});
	page_end(p);
	p->out->failed |= client.failed || other.failed;
	text_free(&client);
	text_free(&other);
}

static void put_table(const struct view *v, const struct comparison *c)
{
	const struct page *p = v->page;
	size_t side = (p->columns - TIME_COLUMNS - ARROW_COLUMNS) / 2;
	char other[32];

	page_end(p);
	page_paragraph(p, &(struct margin){"  ", 2, "", PAINT_NONE}, c->telling_title);
	snprintf(other, sizeof(other), "capture %u", c->telling_capture + 1u);
	page_cell(p, &(struct cell){"ms", TIME_COLUMNS - 1, ALIGN_RIGHT, PAINT_FAINT});
	page_put(p, " ");
	page_cell(p, &(struct cell){"the client", side, ALIGN_LEFT, PAINT_FAINT});
	page_spaces(p, ARROW_COLUMNS);
	page_cell(p, &(struct cell){other, side, ALIGN_LEFT, PAINT_FAINT});
	page_end(p);
	for (size_t i = 0; i < c->rows_n && i < ROWS_SHOWN; i++) {
		put_row(v, &c->rows[i]);
		if (c->rows[i].first_difference)
			page_paragraph(p, &(struct margin){"          ", 10, "", PAINT_BAD},
				       "^ the first difference");
	}
	if (c->rows_n > ROWS_SHOWN)
		page_paragraph(p, &(struct margin){"  ", 2, "", PAINT_FAINT},
			       "more in the JSON result");
}

static void put_captures(const struct view *v, const struct comparison *c)
{
	page_end(v->page);
	for (size_t i = 1; i < c->captures_n; i++) {
		const struct compared_capture *capture = &c->captures[i];
		struct text line = {0};

		text_addf(&line, "Capture %zu: ", i + 1);
		compare_place_text(capture, &line);
		text_addf(&line,
			  "; %" PRIu32 " packets of the client's: %" PRIu32 " arrived, %" PRIu32
			  " changed, %" PRIu32 " vanished, %" PRIu32 " from nowhere.",
			  capture->matched, capture->arrived, capture->changed, capture->vanished,
			  capture->appeared);
		page_paragraph(v->page, &(struct margin){"  ", 4, "", PAINT_NONE}, text_str(&line));
		v->page->out->failed |= line.failed;
		text_free(&line);
	}
}

void text_compare(const struct view *v)
{
	const struct comparison *c = v->r->comparison;

	if (!c)
		return;
	put_captures(v, c);
	if (c->rows_n > 0)
		put_table(v, c);
}
