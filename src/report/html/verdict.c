/* SPDX-License-Identifier: BSD-2-Clause */
/* The top of the HTML report: the sentence, the suspects, the ledger of reasons, what to do. */
#include "report/html/parts.h"
#include "report/page/comment.h"
#include "report/page/phrase.h"
#include <inttypes.h>
#include <string.h>

static const char *state_class(enum state s)
{
	switch (s) {
	case STATE_OPEN:
		return "state good";
	case STATE_UNKNOWN:
		return "state doubt";
	case STATE_CLOSED:
	case STATE_BLOCKED:
	case STATE_INTERCEPTED:
	case STATE_DEGRADED:
		return "state bad";
	}
	return "state";
}

static void probability(const struct html *h, const struct judgement *j)
{
	char time[PHRASE_TIME_BYTES];

	html_put(h, "<p>");
	if (j->has_confidence && j->state != STATE_UNKNOWN)
		html_putf(h, "The probability that this is right: %s%.2f. ",
			  j->confidence > 0.99 ? "over " : "",
			  j->confidence > 0.99 ? 0.99 : j->confidence);
	html_putf(h, "Measured at %s, in %.1f s.</p>\n", phrase_time(h->run->started_ns, time),
		  (double)h->run->duration_ns / 1e9);
}

static void suspects(const struct html *h, const struct judgement *j)
{
	if (j->suspects_n < 2)
		return;
	html_element(h, "h2", "Suspects");
	html_element(
		h, "p",
		j->blocker == BLOCKER_UNKNOWN
			? "The evidence excludes none of these:"
			: "Most of the evidence points to the first; with its probability each:");
	html_put(h, "<ul>\n");
	for (size_t i = 0; i < j->suspects_n; i++) {
		const struct suspect *s = &j->suspects[i];
		const char *party = phrase_party(s->blocker);

		html_putf(h, "<li><strong>%.2f</strong> ", s->probability);
		html_text(h, s->text && *s->text ? s->text : party);
		html_put(h, "</li>\n");
	}
	html_put(h, "</ul>\n");
}

/* An advice: its sentence, and what is to be pasted, each by itself. */
static void advice(const struct html *h, const char *said)
{
	html_put(h, "<li>");
	for (size_t n, i = 0; *said; said += n + (said[n] == '\n'), i++) {
		struct text line = {0};

		n = strcspn(said, "\n");
		text_add_bytes(&line, said, n);
		html_put(h, i > 0 ? "<pre>" : "");
		html_text(h, text_str(&line));
		html_put(h, i > 0 ? "</pre>" : "");
		h->out->failed |= line.failed;
		text_free(&line);
	}
	html_put(h, "</li>\n");
}

static void next_steps(const struct html *h)
{
	const struct verdict *v = &h->r->verdict;

	if (v->next_n == 0)
		return;
	html_element(h, "h2", "What to do");
	html_put(h, "<ol>\n");
	for (size_t i = 0; i < v->next_n; i++)
		advice(h, v->next[i]);
	html_put(h, "</ol>\n");
}

void html_verdict(const struct html *h)
{
	const struct judgement *j = &h->r->verdict.judgement;

	html_put(h, "<header>\n");
	html_putf(h, "<p class=\"%s\">%s</p>\n", state_class(j->state),
		  j->state == STATE_UNKNOWN ? "no verdict" : state_name(j->state));
	html_element(h, "h1", h->r->verdict.sentence);
	probability(h, j);
	html_put(h, "<p class=\"faint\">Who blocks a mail port, by SYNs to it and to control ports "
		    "of the same servers: where the control port still gets through and the port "
		    "under test does not, there it is blocked.</p>\n</header>\n");
	suspects(h, j);
	next_steps(h);
}

static void frames(const struct html *h, const struct reason *reason)
{
	struct text filter = {0};

	if (reason->packets_n == 0 || !h->run->capture_file)
		return;
	comment_filter(reason, &filter);
	html_put(h, "<br><span class=\"faint\">frames");
	for (size_t i = 0; i < reason->packets_n; i++) {
		html_put(h, i > 0 ? ", " : " ");
		if (reason->packets[i].file > 1)
			html_putf(h, "%" PRIu32 ":", reason->packets[i].file);
		html_putf(h, "%" PRIu32, reason->packets[i].frame);
	}
	html_put(h, " of the capture; as a display filter: </span><code>");
	html_text(h, text_str(&filter));
	html_put(h, "</code>");
	h->out->failed |= filter.failed;
	text_free(&filter);
}

void html_reasons(const struct html *h)
{
	const struct verdict *v = &h->r->verdict;

	if (v->reasons_n == 0)
		return;
	html_element(h, "h2", "Reasons");
	html_put(h, "<ol>\n");
	for (size_t i = 0; i < v->reasons_n; i++) {
		html_put(h, "<li>");
		html_text(h, v->reasons[i].text);
		html_put(h, " <span class=\"faint\">(rule ");
		html_text(h, v->reasons[i].rule);
		html_put(h, ")</span>");
		frames(h, &v->reasons[i]);
		html_put(h, "</li>\n");
	}
	html_put(h, "</ol>\n");
}
