/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef REPORT_PAGE_PAGE_H
#define REPORT_PAGE_PAGE_H

/*
 * A page of text of a limited width: paragraphs, table cells and rules that
 * never run over its edge, whatever text they are given; only what is to be
 * pasted does. Everything printed
 * here is made harmless for a terminal first, and ASCII where the style asks.
 */

#include "base/text.h"
#include "report/report.h"
#include <stdbool.h>
#include <stddef.h>

#define PAGE_COLUMNS_MIN 40
#define PAGE_COLUMNS_MAX 100

enum paint {
	PAINT_NONE,
	PAINT_STRONG,
	PAINT_GOOD,
	PAINT_BAD,
	PAINT_DOUBT,
	PAINT_FAINT,
};

/* Glyphs that have an ASCII form. */
enum glyph {
	GLYPH_SEEN,	/* the probe was seen there */
	GLYPH_SILENT,	/* asked, and nothing came back */
	GLYPH_REFUSED,	/* drew a reset or a rejection */
	GLYPH_STRANGER, /* drew an answer from something nearer than the server */
	GLYPH_RULE,	/* one column of a horizontal line */
	GLYPH_DOTS,
	GLYPH_NONE, /* no value */
	GLYPH_HERE,
};

struct page {
	struct text *out;
	size_t columns;
	bool colour, utf8;
};

/* How a paragraph sits on the page. */
struct margin {
	const char *lead;   /* what stands before the first line, "" for nothing */
	size_t indent;	    /* spaces before the other lines */
	const char *broken; /* what ends a line that goes on, "" for nothing */
	enum paint paint;
};

enum align { ALIGN_LEFT, ALIGN_RIGHT, ALIGN_CENTRE };

/* A table cell: its text is cut to the width, or filled up with spaces. */
struct cell {
	const char *text;
	size_t columns;
	enum align align;
	enum paint paint;
};

struct page page_on(struct text *out, const struct text_style *style);

/* Appends `s` to *to as this page may show it. Any bytes will do; NULL counts as "". */
void page_clean(const struct page *p, const char *s, struct text *to);

/* The same, cut to the columns where it is wider. */
void page_fit(const struct page *p, const char *s, size_t columns, struct text *to);

/* Terminal columns of text as page_clean() makes it; characters of double width count two. */
size_t page_width(const char *clean);

/* The columns that `s` will take on this page. */
size_t page_measure(const struct page *p, const char *s);

const char *page_glyph(const struct page *p, enum glyph glyph);

/* Prints `s` wrapped at spaces, over as many lines as it needs, and ends the line. */
void page_paragraph(const struct page *p, const struct margin *m, const char *s);

/* What is to be pasted, a line each as it is: however long, none is broken. */
void page_commands(const struct page *p, size_t indent, const char *commands);

/* An advice of a verdict: its sentence as a paragraph, and its commands below. */
void page_advice(const struct page *p, const struct margin *m, const char *advice);

void page_cell(const struct page *p, const struct cell *c);

/* Plain text of the program's own, as it is; the caller sees to its width. */
void page_put(const struct page *p, const char *s);
void page_spaces(const struct page *p, size_t n);
void page_rule(const struct page *p, size_t columns);

/* Ends the line; spaces at its end go. */
void page_end(const struct page *p);

/* The colour of a state. */
enum paint page_state_paint(enum state state);

#endif
