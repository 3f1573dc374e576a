/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/page/hop_marks.h"
#include "report/page/hop_table.h"
#include "report/page/phrase.h"
#include "report/text/parts.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define HOST_COLUMNS 40
#define ROWS_WHOLE   10 /* tables up to this long are shown whole */

static void put_cell(const struct hop_table *t, const char *s, size_t columns, enum align align)
{
	if (columns > 0) {
		page_cell(t->page, &(struct cell){s, columns, align, PAINT_NONE});
		page_spaces(t->page, HOP_GAP);
	}
}

static void print_header(const struct hop_table *t)
{
	page_put(t->page, "  hop  ");
	put_cell(t, "address", t->address, ALIGN_LEFT);
	put_cell(t, "owner", t->owner, ALIGN_LEFT);
	put_cell(t, t->owner > 0 ? "control" : t->control_name, t->control, ALIGN_CENTRE);
	put_cell(t, t->port, t->target, ALIGN_CENTRE);
	page_end(t->page);
}

static void print_mark(struct hop_table *t, struct mark mark, size_t columns)
{
	const char *s = mark.asked ? page_glyph(t->page, mark.glyph) : "";
	enum paint paint = mark.glyph == GLYPH_SEEN ? PAINT_GOOD : PAINT_BAD;

	if (mark.asked)
		t->used |= 1u << mark.glyph;
	page_cell(t->page, &(struct cell){s, columns, ALIGN_CENTRE, paint});
	page_spaces(t->page, HOP_GAP);
}

static bool is_blocker(const struct hop_table *t, const struct hop_row *row)
{
	return t->link.known && t->link.from_hop == t->link.to_hop && row->hop == t->link.from_hop;
}

static void print_note(const struct hop_table *t, const struct hop_row *row, struct marks marks)
{
	const char *note = "";

	if (row->hop == 0 && marks.target.asked)
		note = marks.target.glyph == GLYPH_SEEN ? "left this host" : "never left";
	if (is_blocker(t, row)) {
		page_put(t->page, page_glyph(t->page, GLYPH_HERE));
		page_put(t->page, " ");
		note = *note ? note : "here";
	}
	page_put(t->page, note);
}

static void print_row(struct hop_table *t, const struct hop_row *row)
{
	struct marks marks = hop_marks(t->f, row);
	struct text address = {0}, owner = {0};
	char number[16];

	hop_address(row, t->server, NULL, &address);
	hop_owner(row, t->server, NULL, &owner);
	snprintf(number, sizeof(number), "%5u  ", row->hop);
	page_put(t->page, number);
	put_cell(t, text_str(&address), t->address, ALIGN_LEFT);
	put_cell(t, text_str(&owner), t->owner, ALIGN_LEFT);
	print_mark(t, marks.control, t->control);
	print_mark(t, marks.target, t->target);
	if (t->notes)
		print_note(t, row, marks);
	page_end(t->page);
	if (is_blocker(t, row) && !t->notes)
		page_put(t->page, "       ^ here\n");
	t->page->out->failed |= address.failed || owner.failed;
	text_free(&address);
	text_free(&owner);
}

/* The line across the table; the label stands beside it, or in it where there is no room. */
static void print_break(const struct hop_table *t, const char *label)
{
	size_t columns = t->address + HOP_GAP + (t->owner > 0 ? t->owner + HOP_GAP : 0) +
			 t->control + HOP_GAP + t->target;
	size_t inside = t->notes || !*label ? 0 : strlen(label) + 4;

	page_spaces(t->page, HOP_COLUMNS);
	if (inside > 0) {
		page_rule(t->page, 2);
		page_put(t->page, " ");
		page_put(t->page, label);
		page_put(t->page, " ");
	}
	page_rule(t->page, columns > inside ? columns - inside : 0);
	if (t->notes && *label) {
		page_spaces(t->page, HOP_GAP);
		page_put(t->page, label);
	}
	page_end(t->page);
}

static bool is_alike(const struct hop_table *t, size_t a, size_t b)
{
	struct marks x = hop_marks(t->f, hop_table_row(t, a)),
		     y = hop_marks(t->f, hop_table_row(t, b));

	return x.control.asked == y.control.asked && x.control.glyph == y.control.glyph &&
	       x.target.asked == y.target.asked && x.target.glyph == y.target.glyph;
}

/* In long tables only the ends, the break and the rows where something changes are kept. */
static bool is_kept(const struct hop_table *t, size_t i)
{
	const struct hop_row *row = hop_table_row(t, i);

	if (t->rows_n <= ROWS_WHOLE || i < 2 || i == t->rows_n || row->is_server)
		return true;
	if (t->link.known && row->hop >= t->link.from_hop - 1 && row->hop <= t->link.to_hop + 1)
		return true;
	return !is_alike(t, i, i - 1) || !is_alike(t, i, i + 1);
}

/* Prints the rows left out from i on as one line; the first row after them. */
static size_t print_gap(const struct hop_table *t, size_t i)
{
	size_t end = i;
	char line[48];

	while (end <= t->rows_n && !is_kept(t, end))
		end++;
	snprintf(line, sizeof(line), "(hops %u to %u)", hop_table_row(t, i)->hop,
		 hop_table_row(t, end - 1)->hop);
	page_cell(t->page,
		  &(struct cell){page_glyph(t->page, GLYPH_DOTS), 5, ALIGN_RIGHT, PAINT_NONE});
	page_spaces(t->page, HOP_GAP);
	page_put(t->page, line);
	page_end(t->page);
	return end;
}

static void print_rows(struct hop_table *t)
{
	bool has_break = t->link.known && t->link.from_hop < t->link.to_hop;
	bool opened = !has_break, closed = !has_break || t->link.from_hop + 1 >= t->link.to_hop;

	for (size_t i = 0; i <= t->rows_n;) {
		const struct hop_row *row = hop_table_row(t, i);

		if (!opened && row->hop > t->link.from_hop) {
			print_break(t, t->label);
			opened = true;
			closed |= row->hop >= t->link.to_hop;
		}
		if (!closed && row->hop >= t->link.to_hop) {
			print_break(t, "");
			closed = true;
		}
		if (!is_kept(t, i) && i < t->rows_n && !is_kept(t, i + 1)) {
			i = print_gap(t, i);
		} else {
			print_row(t, row);
			i++;
		}
	}
	if (!opened)
		print_break(t, t->label);
}

static void print_legend(const struct hop_table *t)
{
	static const struct {
		enum glyph glyph;
		const char *text;
	} words[] = {
		{GLYPH_SEEN, "got there"},
		{GLYPH_SILENT, "nothing came back"},
		{GLYPH_REFUSED, "a refusal came back"},
		{GLYPH_STRANGER, "another's answer"},
	};
	struct text line = {0};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!(t->used & 1u << words[i].glyph))
			continue;
		text_addf(&line, "%s%s %s", line.len > 0 ? "   " : "",
			  page_glyph(t->page, words[i].glyph), words[i].text);
	}
	page_paragraph(t->page, &(struct margin){"       ", 7, "", PAINT_FAINT}, text_str(&line));
	t->page->out->failed |= line.failed;
	text_free(&line);
}

static void print_title(const struct hop_table *t)
{
	char addr[ADDR_TEXT_BYTES], buf[ADDR_TEXT_BYTES];
	const char *host = phrase_host(t->server, buf);
	struct text line = {0};

	text_add(&line, "The way to ");
	page_fit(t->page, host, HOST_COLUMNS, &line);
	if (strcmp(addr_text(&t->server->addr, addr), host) != 0)
		text_addf(&line, " (%s)", addr);
	text_addf(&line, ", port %s", t->port);
	if (t->f->control != 0)
		text_addf(&line, " beside control port %s", t->control_name);
	text_add(&line, ":");
	page_end(t->page);
	page_paragraph(t->page, &(struct margin){"  ", 2, "", PAINT_NONE}, text_str(&line));
	t->page->out->failed |= line.failed;
	text_free(&line);
}

void text_hops(const struct view *v, size_t finding)
{
	const struct finding *f = &v->r->findings[finding];
	const struct judgement *verdict = &v->r->verdict.judgement;
	size_t skip = f->hops_n > 0 && f->hops[0].hop == 0 ? 1 : 0;
	struct hop_table t = {
		.page = v->page,
		.f = f,
		.server = &v->t->servers[f->server],
		.link = verdict->link.known ? verdict->link : f->judgement.link,
		.host = hop_of_host(v->t, f),
		.rows_n = f->hops_n - skip,
	};

	if (t.rows_n == 0)
		return;
	t.rows = f->hops + skip;
	phrase_port(t.server->port, t.port);
	if (f->control != 0)
		phrase_port(f->control, t.control_name);
	hop_table_label(&t, verdict->mechanism);
	hop_table_lay_out(&t);
	print_title(&t);
	print_header(&t);
	print_rows(&t);
	print_legend(&t);
}
