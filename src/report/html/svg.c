/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/html/svg.h"

#define RADIUS 5.0

void svg_begin(const struct html *h, const char *id, int height, const char *title,
	       const char *description)
{
	html_putf(h,
		  "<svg id=\"%s\" viewBox=\"0 0 %d %d\" role=\"img\" "
		  "xmlns=\"http://www.w3.org/2000/svg\" aria-label=\"",
		  id, SVG_WIDTH, height);
	html_text(h, title);
	html_put(h, ". ");
	html_text(h, description);
	html_put(h, "\">\n");
}

void svg_end(const struct html *h)
{
	html_put(h, "</svg>\n");
}

void svg_glyph(const struct html *h, enum glyph glyph, double x, double y)
{
	switch (glyph) {
	case GLYPH_SEEN:
		html_putf(h, "<circle class=\"seen\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"/>", x, y,
			  RADIUS);
		return;
	case GLYPH_SILENT:
		html_putf(h, "<circle class=\"silent\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"/>", x, y,
			  RADIUS - 1.5);
		return;
	case GLYPH_REFUSED:
		html_putf(h, "<path class=\"refused\" d=\"M%.1f %.1fl10 10m0 -10l-10 10\"/>",
			  x - RADIUS, y - RADIUS);
		return;
	case GLYPH_STRANGER:
		html_putf(h, "<path class=\"foreign\" d=\"M%.1f %.1fl6 6l-6 6l-6 -6z\"/>", x,
			  y - 6);
		return;
	case GLYPH_RULE:
	case GLYPH_DOTS:
	case GLYPH_NONE:
	case GLYPH_HERE:
		return;
	}
}
