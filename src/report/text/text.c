/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/catalogue.h"
#include "report/page/compare_parts.h"
#include "report/page/phrase.h"
#include "report/page/telling.h"
#include "report/text/parts.h"
#include <inttypes.h>
#include <stdio.h>

static void text_next(const struct view *v)
{
	const struct verdict *verdict = result_told(v->r);
	const char *lead = catalogue_say(v->catalogue, "Next: ");
	const struct page *p = v->page;

	if (verdict->next_n == 0)
		return;
	page_end(p);
	if (verdict->next_n == 1) {
		page_advice(p, &(struct margin){lead, page_width(lead), "", PAINT_NONE},
			    verdict->next[0]);
		return;
	}
	page_put(p, lead);
	page_end(p);
	for (size_t i = 0; i < verdict->next_n; i++) {
		char number[32];

		snprintf(number, sizeof(number), "%3zu. ", i + 1);
		page_advice(p, &(struct margin){number, 5, "", PAINT_NONE}, verdict->next[i]);
	}
}

/* What limits the result: an early end, lost packets, a capture cut short. */
static void text_limits(const struct view *v)
{
	const struct margin margin = {"Note: ", 6, "", PAINT_DOUBT};
	const char *stop = phrase_stop(v->run->stop);
	const struct page *p = v->page;
	char dropped[96];

	snprintf(dropped, sizeof(dropped),
		 "The capture lost %" PRIu64 " packet%s; silence in that time was not counted.",
		 v->run->capture_dropped, v->run->capture_dropped == 1 ? "" : "s");
	if (!stop && v->run->capture_dropped == 0 && !v->t->run.cut && !v->t->full)
		return;
	page_end(p);
	if (stop)
		page_paragraph(p, &margin, stop);
	if (v->run->capture_dropped > 0)
		page_paragraph(p, &margin, dropped);
	if (v->t->run.cut)
		page_paragraph(
			p, &margin,
			"The capture ends in the middle of a packet; it was read up to there.");
	if (v->t->full)
		page_paragraph(p, &margin,
			       "There was more to record than fits; the rest was left out.");
}

/* The folder that was written, and what is in it. */
static void text_evidence(const struct view *v)
{
	struct text line = {0};

	text_addf(&line, "%s (README.txt, %sresult.json, report.html, ticket.txt, SHA256SUMS)",
		  v->run->folder, v->run->capture_file ? "capture.pcapng, " : "");
	page_paragraph(v->page, &(struct margin){"Evidence: ", 2, "", PAINT_NONE}, text_str(&line));
	v->page->out->failed |= line.failed;
	text_free(&line);
}

/* How repeated measurements went together. */
static void text_rounds(const struct view *v)
{
	struct text line = {0};

	if (!phrase_rounds(v->run->about, NULL, &line))
		return;
	page_end(v->page);
	page_paragraph(v->page, &(struct margin){"Rounds: ", 8, "", PAINT_NONE}, text_str(&line));
	v->page->out->failed |= line.failed;
	text_free(&line);
}

static void text_footer(const struct view *v)
{
	const struct run_info *run = v->run;
	struct text line = {0};

	if (run->packets_seen == 0)
		return;
	page_end(v->page);
	if (v->t->run.own && run->packets_sent > 0)
		text_addf(&line, "%" PRIu64 " packet%s sent, %" PRIu64 " seen", run->packets_sent,
			  run->packets_sent == 1 ? "" : "s", run->packets_seen);
	else
		text_addf(&line, "%" PRIu64 " packet%s read", run->packets_seen,
			  run->packets_seen == 1 ? "" : "s");
	if (!v->t->run.own && run->packets_sent > 0)
		text_addf(&line, ", %" PRIu64 " SYN%s judged", run->packets_sent,
			  run->packets_sent == 1 ? "" : "s");
	text_addf(&line, ", %.1f s", (double)run->duration_ns / 1e9);
	if (run->capture_file && !run->folder)
		text_addf(&line, "; capture: %s", run->capture_file);
	page_paragraph(v->page, &(struct margin){"", 2, "", PAINT_FAINT}, text_str(&line));
	v->page->out->failed |= line.failed;
	text_free(&line);
}

void report_text(const struct run_info *run, const struct trace *t, const struct result *r,
		 const struct text_style *style, struct text *out)
{
	struct page page = page_on(out, style);
	struct view v = {
		.page = &page,
		.run = run,
		.t = t,
		.r = r,
		.catalogue = result_catalogue(r),
	};

	text_verdict(&v);
	text_compare(&v);
	text_host(&v);
	if (r->findings_n > 0 && r->verdict.judgement.state != STATE_OPEN)
		text_hops(&v, telling_finding(r));
	text_servers(&v);
	text_ways_out(&v);
	text_outside(&v);
	text_rounds(&v);
	text_next(&v);
	text_limits(&v);
	text_footer(&v);
	if (run->folder)
		text_evidence(&v);
}
