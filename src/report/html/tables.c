/* SPDX-License-Identifier: BSD-2-Clause */
/* The way to one server as a drawing and as a table, and the table of all servers. */
#include "report/html/parts.h"
#include "report/html/svg.h"
#include "report/page/hop_marks.h"
#include "report/page/phrase.h"
#include "report/page/server_cells.h"
#include <stdio.h>

/* What the SYNs to a hop came to, in words. */
static const char *came_to(struct mark mark)
{
	if (mark.glyph == GLYPH_REFUSED)
		return "refused";
	if (mark.glyph == GLYPH_STRANGER)
		return "answered by something nearer";
	return "got there";
}

static void answers(const struct html *h, const struct hop_lane *lane, struct mark mark)
{
	unsigned got = (unsigned)lane->expired + lane->terminal;
	char buf[ADDR_TEXT_BYTES];

	html_put(h, "<td>");
	if (lane->sent > 0 || got > 0)
		html_putf(h, "%u of %u %s", got, lane->sent > got ? lane->sent : got,
			  came_to(mark));
	else
		html_put(h, "not asked");
	for (size_t i = 0; i < lane->answers_n; i++) {
		const struct hop_answer *a = &lane->answers[i];

		html_putf(h, "<br><span class=\"mono\">%s</span>", addr_text(&a->addr, buf));
		if (a->rtt_ms >= 0)
			html_putf(h, " %.1f ms", a->rtt_ms);
		if (a->name) {
			html_put(h, "<br><span class=\"faint\">");
			html_cut(h, a->name, 80);
			html_put(h, "</span>");
		}
	}
	html_put(h, "</td>");
}

static void hop(const struct html *h, const struct hop_row *row, bool last_before_break)
{
	struct marks marks = hop_marks(h->f, row);
	struct text owner = {0};

	hop_owner(row, h->server, NULL, &owner);
	html_putf(h, "<tr%s><th scope=\"row\">%u</th><td data-label=\"whose\">",
		  last_before_break ? " class=\"break\"" : "", row->hop);
	html_text(h, text_str(&owner));
	html_put(h, "</td>");
	answers(h, &row->control, marks.control);
	answers(h, &row->target, marks.target);
	html_put(h, "</tr>\n");
	h->out->failed |= owner.failed;
	text_free(&owner);
}

static void hops(const struct html *h)
{
	const struct link_span *link = &h->r->verdict.judgement.link;
	char control[32], port[32];
	const char *const columns[] = {"hop", "whose", control, port, NULL};

	snprintf(control, sizeof(control), "control port %u", h->f->control);
	snprintf(port, sizeof(port), "port %u", h->server->port);
	html_table_begin(h, "The same as a table; a dashed line is where the ports part.", columns,
			 false);
	for (size_t i = 0; i < h->f->hops_n; i++) {
		const struct hop_row *row = &h->f->hops[i];

		hop(h, row,
		    link->known && link->from_hop < link->to_hop && row->hop == link->from_hop);
	}
	html_table_end(h);
}

void html_path(const struct html *h)
{
	char buf[ADDR_TEXT_BYTES], addr[ADDR_TEXT_BYTES];

	if (!h->f || h->f->hops_n == 0)
		return;
	html_put(h, "<h2>The way to ");
	html_text(h, phrase_host(h->server, buf));
	html_putf(h, " <span class=\"faint mono\">%s</span></h2>\n",
		  addr_text(&h->server->addr, addr));
	svg_path(h);
	hops(h);
}

static void server(const struct html *h, const struct view *v, size_t i)
{
	const struct finding *f = &h->r->findings[i];
	const struct server *s = &h->t->servers[f->server];
	char buf[ADDR_TEXT_BYTES], addr[ADDR_TEXT_BYTES];
	struct server_cells cells;

	server_cells(v, i, true, &cells);
	html_put(h, "<tr><th scope=\"row\">");
	html_text(h, phrase_host(s, buf));
	html_putf(h, "<br><span class=\"faint mono\">%s</span>", addr_text(&s->addr, addr));
	if (s->owner) {
		html_put(h, "<br><span class=\"faint\">");
		html_cut(h, s->owner, 60);
		html_put(h, "</span>");
	}
	html_put(h, s->reference ? " <span class=\"faint\">(for comparison)</span></th>" : "</th>");
	html_element(h, "td data-label=\"port\"", cells.cell[CELL_TARGET]);
	html_element(h, "td data-label=\"control port\"", cells.cell[CELL_CONTROL]);
	html_element(h, "td data-label=\"distance\"", cells.cell[CELL_DISTANCE]);
	html_element(h, "td data-label=\"mail session\"", cells.cell[CELL_SMTP]);
	html_element(h, "td data-label=\"finding\"", f->sentence);
	html_put(h, "</tr>\n");
}

static void ports(const struct html *h, const struct finding *f)
{
	char buf[ADDR_TEXT_BYTES];

	html_put(h, "<tr><th scope=\"row\">");
	html_text(h, phrase_host(&h->t->servers[f->server], buf));
	html_putf(h, " <span class=\"faint\">IPv%u</span></th><td>",
		  h->t->servers[f->server].addr.family);
	for (size_t i = 0; i < f->ports_n; i++) {
		const struct port_row *row = &f->ports[i];

		html_putf(h, "%s%u %s (%u of %u)", i > 0 ? ", " : "", row->port,
			  port_state_name(row->state), row->answered, row->sent);
	}
	html_put(h, "</td></tr>\n");
}

void html_servers(const struct html *h)
{
	static const char *const columns[] = {
		"server", "port", "control port", "distance", "mail session", "finding", NULL};
	static const char *const port_columns[] = {"server", "ports, and SYNs answered", NULL};
	const struct text_style style = {.utf8 = true, .columns = PAGE_COLUMNS_MAX};
	struct page page = page_on(h->out, &style);
	struct view v = {.page = &page, .run = h->run, .t = h->t, .r = h->r};

	if (h->r->findings_n == 0)
		return;
	html_element(h, "h2", "Servers");
	html_table_begin(h, "Every server that was asked, and what was found for it alone.",
			 columns, true);
	for (size_t i = 0; i < h->r->findings_n; i++)
		server(h, &v, i);
	html_table_end(h);
	html_table_begin(h, "Every port that was asked.", port_columns, true);
	for (size_t i = 0; i < h->r->findings_n; i++)
		ports(h, &h->r->findings[i]);
	html_table_end(h);
}
