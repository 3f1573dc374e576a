/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef REPORT_HTML_SVG_H
#define REPORT_HTML_SVG_H

/*
 * The two drawings of the HTML report. Both are as wide as a telephone's screen
 * and grow no further than a page; shapes tell apart what colours tell apart.
 */

#include "report/html/parts.h"

#define SVG_WIDTH 420

/* The way from this host to the server: hops downwards, both ports as lines beside each other. */
void svg_path(const struct html *h);

/* When what was sent on which port of which server, and what became of it. */
void svg_timeline(const struct html *h);

/* Opens and closes a drawing with its text alternative. `id` is unique on the page. */
void svg_begin(const struct html *h, const char *id, int height, const char *title,
	       const char *description);
void svg_end(const struct html *h);

/* The glyph for what became of a probe, centred at x, y. */
void svg_glyph(const struct html *h, enum glyph glyph, double x, double y);

#endif
