/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef REPORT_PAGE_HOP_TABLE_H
#define REPORT_PAGE_HOP_TABLE_H

/*
 * The paired hop table of one server while it is printed: its rows, the break
 * and how wide each column may be on this page.
 */

#include "infer/result/result.h"
#include "report/page/page.h"
#include "trace/trace.h"
#include <stdbool.h>
#include <stddef.h>

#define HOP_COLUMNS 7 /* indent, number, gap */
#define HOP_GAP	    2

/* A column of width 0 is left out. */
struct hop_table {
	const struct page *page;
	const struct finding *f;
	const struct server *server;
	struct link_span link;
	struct hop_row host; /* row 0; the others are the finding's */
	const struct hop_row *rows;
	size_t rows_n;
	bool notes;
	size_t address, owner, control, target;
	char port[8], control_name[8];
	char label[32]; /* what happens at the break */
	unsigned used;	/* bit per enum glyph */
};

/* Row i of 0 (this host) to rows_n. */
const struct hop_row *hop_table_row(const struct hop_table *t, size_t i);

/* Chooses the columns; page, rows, server, port names and label must be there. */
void hop_table_lay_out(struct hop_table *t);

/* Names what happens at the break, from the mechanism and the port. */
void hop_table_label(struct hop_table *t, enum mechanism mechanism);

#endif
