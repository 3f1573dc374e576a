/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef REPORT_HTML_PARTS_H
#define REPORT_HTML_PARTS_H

/*
 * The parts of the HTML report. Text of any origin goes through html_text(),
 * which leaves nothing that means anything to a browser.
 */

#include "report/page/about.h"
#include "report/page/page.h"
#include "report/report.h"

/* What every part sees. */
struct html {
	struct text *out;
	const struct run_info *run;
	const struct trace *t;
	const struct result *r;
	const struct finding *f; /* the one whose way is drawn; NULL: none */
	const struct server *server;
};

/* The page up to its content, with the style inside, and what ends it. */
void html_begin(const struct html *h, const char *title);
void html_end(const struct html *h);

/* Markup of the program's own, as it is. */
void html_put(const struct html *h, const char *markup);
void html_putf(const struct html *h, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Text, escaped for a place between tags or in a quoted attribute. NULL counts as "". */
void html_text(const struct html *h, const char *s);

/* The same, cut after so many characters. */
void html_cut(const struct html *h, const char *s, size_t characters);

/* <TAG>text</TAG>; the tag may have attributes. */
void html_element(const struct html *h, const char *tag, const char *s);

/* A row of a list of properties; nothing for NULL. */
void html_property(const struct html *h, const char *name, const char *value);

/*
 * A table; `columns` ends with NULL. Where the page is too narrow it scrolls by itself, or
 * (stacked) its cells stand below each other, each behind its data-label.
 */
void html_table_begin(const struct html *h, const char *caption, const char *const *columns,
		      bool stacked);
void html_table_end(const struct html *h);

extern const char html_style[];

void html_verdict(const struct html *h);
void html_reasons(const struct html *h);
void html_compare(const struct html *h); /* nothing for one capture alone */
void html_path(const struct html *h);
void html_servers(const struct html *h);
void html_timeline(const struct html *h);
void html_probes(const struct html *h);
void html_mail(const struct html *h);
void html_outside(const struct html *h); /* nothing where nobody was asked */
void html_host(const struct html *h);
void html_rounds(const struct html *h);
void html_about(const struct html *h);

#endif
