/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/page/phrase.h"
#include "report/page/server_cells.h"
#include "report/text/parts.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_MAX     16 /* more are counted, the failing ones first shown */
#define HOST_COLUMNS 16 /* for fewer, other columns go first */
#define GAP	     2

/* The table while it is printed: a column of width 0 is left out. */
struct table {
	const struct view *v;
	bool one_port; /* all servers were asked on the same port */
	size_t width[CELL_COUNT];
	bool filled[CELL_COUNT]; /* some server has a value there */
	size_t shown[ROWS_MAX];	 /* findings that get a row, in the order of the result */
	size_t shown_n;
};

static const struct server *server_of(const struct table *t, const struct finding *f)
{
	return &t->v->t->servers[f->server];
}

static void heading(const struct table *t, struct server_cells *cells)
{
	const struct result *r = t->v->r;

	*cells = (struct server_cells){0};
	text_add(&cells->host, "server");
	if (t->one_port && r->findings_n > 0)
		phrase_port(server_of(t, &r->findings[0])->port, cells->cell[CELL_TARGET]);
	else
		snprintf(cells->cell[CELL_TARGET], CELL_BYTES, "port");
	snprintf(cells->cell[CELL_CONTROL], CELL_BYTES, "control");
	snprintf(cells->cell[CELL_DISTANCE], CELL_BYTES, "distance");
	snprintf(cells->cell[CELL_SMTP], CELL_BYTES, "by SMTP");
}

static size_t used_columns(const struct table *t)
{
	size_t used = 2;

	for (size_t i = 0; i < CELL_COUNT; i++)
		used += t->width[i] > 0 ? t->width[i] + GAP : 0;
	return used;
}

static void widen(struct table *t, const struct server_cells *cells)
{
	const struct page *p = t->v->page;

	for (size_t i = 0; i < CELL_COUNT; i++) {
		const char *s = i == CELL_HOST ? text_str(&cells->host) : cells->cell[i];
		size_t columns = page_measure(p, s);

		t->width[i] = columns > t->width[i] ? columns : t->width[i];
	}
}

static void lay_out(struct table *t)
{
	static const enum cell_index dispensable[] = {CELL_SMTP, CELL_DISTANCE};
	const struct result *r = t->v->r;
	struct server_cells cells;
	size_t full = t->v->page->columns + GAP, host;

	heading(t, &cells);
	widen(t, &cells);
	server_cells_free(&cells);
	for (size_t i = 0; i < t->shown_n; i++) {
		const struct finding *f = &r->findings[t->shown[i]];

		server_cells(t->v, t->shown[i], !t->one_port, &cells);
		server_host_cell(t->v, t->shown[i], &cells.host);
		widen(t, &cells);
		t->filled[CELL_DISTANCE] |= f->distance_control > 0;
		t->filled[CELL_SMTP] |= t->v->t->run.smtp && f->layer != LAYER_NONE &&
					!server_cell_is_empty(cells.cell[CELL_SMTP]);
		server_cells_free(&cells);
	}
	for (size_t i = 0; i < sizeof(dispensable) / sizeof(dispensable[0]); i++) {
		if (!t->filled[dispensable[i]])
			t->width[dispensable[i]] = 0;
	}
	host = t->width[CELL_HOST];
	for (size_t i = 0; i < sizeof(dispensable) / sizeof(dispensable[0]); i++) {
		size_t least = host < HOST_COLUMNS ? host : HOST_COLUMNS;

		t->width[CELL_HOST] = least;
		if (used_columns(t) > full)
			t->width[dispensable[i]] = 0;
	}
	t->width[CELL_HOST] = 0;
	if (used_columns(t) + GAP + host > full)
		host = full - used_columns(t) - GAP;
	t->width[CELL_HOST] = host;
}

static void print_cells(const struct table *t, const struct server_cells *cells)
{
	const struct page *p = t->v->page;

	page_spaces(p, 2);
	for (size_t i = 0; i < CELL_COUNT; i++) {
		const char *s = i == CELL_HOST ? text_str(&cells->host) : cells->cell[i];
		enum paint paint = i == CELL_TARGET ? cells->paint : PAINT_NONE;

		if (t->width[i] == 0)
			continue;
		page_cell(p, &(struct cell){s, t->width[i], ALIGN_LEFT, paint});
		page_spaces(p, GAP);
	}
	page_end(p);
	p->out->failed |= cells->host.failed;
}

/* Adds the servers that are open, or the others, until there are enough rows. */
static void add_rows(struct table *t, bool open)
{
	const struct result *r = t->v->r;

	for (size_t i = 0; i < r->findings_n && t->shown_n < ROWS_MAX; i++) {
		if ((r->findings[i].judgement.state == STATE_OPEN) == open)
			t->shown[t->shown_n++] = i;
	}
}

static int by_number(const void *a, const void *b)
{
	size_t x = *(const size_t *)a, y = *(const size_t *)b;

	return x < y ? -1 : x > y;
}

static void print_group(struct table *t, uint8_t family, bool references)
{
	const struct result *r = t->v->r;
	bool titled = false;

	for (size_t i = 0; i < t->shown_n; i++) {
		const struct server *server = server_of(t, &r->findings[t->shown[i]]);
		struct server_cells cells;

		if (server->addr.family != family || server->reference != references)
			continue;
		if (references && !titled)
			page_paragraph(t->v->page, &(struct margin){"  ", 2, "", PAINT_FAINT},
				       "for comparison:");
		titled = true;
		server_cells(t->v, t->shown[i], !t->one_port, &cells);
		server_host_cell(t->v, t->shown[i], &cells.host);
		print_cells(t, &cells);
		server_cells_free(&cells);
	}
}

static void print_family(struct table *t, uint8_t family)
{
	const struct result *r = t->v->r;
	size_t i = family == 4 ? 0 : 1;
	struct text line = {0};

	text_addf(&line, "over IPv%d: ", family);
	if (r->family_counts[i])
		phrase_judgement(&r->family[i], NULL, &line);
	else
		text_add(&line, "no answer");
	page_paragraph(t->v->page, &(struct margin){"  ", 4, "", PAINT_STRONG}, text_str(&line));
	t->v->page->out->failed |= line.failed;
	text_free(&line);
}

static bool has_family(const struct table *t, uint8_t family)
{
	for (size_t i = 0; i < t->v->r->findings_n; i++) {
		if (server_of(t, &t->v->r->findings[i])->addr.family == family)
			return true;
	}
	return false;
}

static bool has_one_port(const struct view *v)
{
	for (size_t i = 1; i < v->r->findings_n; i++) {
		if (v->t->servers[v->r->findings[i].server].port !=
		    v->t->servers[v->r->findings[0].server].port)
			return false;
	}
	return true;
}

void text_servers(const struct view *v)
{
	struct table t = {.v = v, .one_port = has_one_port(v)};
	bool both = has_family(&t, 4) && has_family(&t, 6);
	struct server_cells head;
	char more[64];

	if (v->r->findings_n == 0)
		return;
	/* Long tables leave out the open servers first, then what comes last. */
	add_rows(&t, false);
	add_rows(&t, true);
	qsort(t.shown, t.shown_n, sizeof(t.shown[0]), by_number);
	page_end(v->page);
	lay_out(&t);
	heading(&t, &head);
	print_cells(&t, &head);
	server_cells_free(&head);
	for (uint8_t family = 4; family <= 6; family += 2) {
		if (both)
			print_family(&t, family);
		print_group(&t, family, false);
		print_group(&t, family, true);
	}
	if (t.shown_n < v->r->findings_n) {
		snprintf(more, sizeof(more), "and %zu more in the JSON result",
			 v->r->findings_n - t.shown_n);
		page_paragraph(v->page, &(struct margin){"  ", 2, "", PAINT_FAINT}, more);
	}
}
