/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/html/parts.h"
#include "report/page/telling.h"

void html_begin(const struct html *h, const char *title)
{
	html_put(h, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		    "<meta name=\"color-scheme\" content=\"light dark\">\n"
		    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		    "style-src 'unsafe-inline'\">\n<title>");
	html_text(h, title);
	html_put(h, "</title>\n<style>");
	html_put(h, html_style);
	html_put(h, "</style>\n</head>\n<body>\n<main>\n");
}

void html_end(const struct html *h)
{
	html_put(h, "</main>\n</body>\n</html>\n");
}

void report_html(const struct run_info *run, const struct trace *t, const struct result *r,
		 struct text *out)
{
	struct html h = {.out = out, .run = run, .t = t, .r = r};

	if (r->findings_n > 0) {
		h.f = &r->findings[telling_finding(r)];
		h.server = &t->servers[h.f->server];
	}
	html_begin(&h, r->verdict.sentence);
	html_verdict(&h);
	html_reasons(&h);
	html_compare(&h);
	html_path(&h);
	html_servers(&h);
	html_outside(&h);
	html_mail(&h);
	html_host(&h);
	html_timeline(&h);
	html_rounds(&h);
	html_about(&h);
	html_end(&h);
}
