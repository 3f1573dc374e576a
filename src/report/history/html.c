/* SPDX-License-Identifier: BSD-2-Clause */
/* The history as one page that needs nothing else: periods, and a strip a day. */
#include "report/history/history.h"
#include "report/html/parts.h"
#include "report/page/phrase.h"
#include <string.h>

#define DAY_US	     (INT64_C(86400) * 1000000)
#define STRIP_HEIGHT 14
#define NEAR	     3 /* intervals between runs that make one bar */

/* How a state looks: by colour, and by height for who sees none. */
static const struct {
	const char *class;
	int height;
} looks[] = {
	[STATE_OPEN] = {"good", 4},	 [STATE_CLOSED] = {"bad", 14},
	[STATE_BLOCKED] = {"bad", 14},	 [STATE_INTERCEPTED] = {"bad", 14},
	[STATE_DEGRADED] = {"doubt", 9}, [STATE_UNKNOWN] = {"none", 2},
};

static const char page_style[] =
	"rect.good{fill:var(--good)}rect.bad{fill:var(--bad)}rect.doubt{fill:var(--doubt)}"
	"rect.none{fill:var(--faint)}.days td:last-child{width:100%}.days th{white-space:nowrap}"
	"td[data-label=Began],td[data-label=Ended]{min-width:11.5em}"
	".days svg{display:block;max-width:none;width:100%;height:14px}"
	".days .hours{stroke:var(--line);fill:none;vector-effect:non-scaling-stroke}"
	".scale{display:flex;justify-content:space-between;font-size:.75em;color:var(--faint)}";

/* The quarters of a day. */
static const char hours[] =
	"<path class=\"hours\" d=\"M0 0v14M360 0v14M720 0v14M1080 0v14M1440 0v14\"/>";

/* The text of one of the functions of words.c, escaped; it is freed. */
static void put_words(const struct html *h, struct text *text)
{
	html_text(h, text_str(text));
	text_free(text);
}

static void put_since(const struct html *h, const struct period *p)
{
	struct text text = {0};

	past_add_since(&text, p);
	put_words(h, &text);
}

static void put_until(const struct html *h, const struct period *p)
{
	struct text text = {0};

	past_add_until(&text, p);
	put_words(h, &text);
}

static void put_length(const struct html *h, const struct period *p)
{
	struct text text = {0};

	past_add_length(&text, p);
	put_words(h, &text);
}

static void put_condition(const struct html *h, const struct condition *c)
{
	struct text text = {0};

	past_add_condition(&text, c);
	put_words(h, &text);
}

static void put_time(const struct html *h, int64_t us)
{
	struct text text = {0};

	past_add_time(&text, us);
	put_words(h, &text);
}

/* A link to the report in a folder of evidence; the path may hold anything. */
static void put_folder(const struct html *h, const char *folder, const char *name)
{
	if (!folder)
		return;
	html_put(h, "<a href=\"file://");
	for (const char *at = folder; *at; at++) {
		if (strchr("%?#\"'<>& ", *at) || (unsigned char)*at < 0x20 ||
		    (unsigned char)*at > 0x7e)
			html_putf(h, "%%%02X", (unsigned char)*at);
		else
			text_add_bytes(h->out, at, 1);
	}
	html_putf(h, "/report.html\">%s</a> ", name);
}

static void put_period(const struct html *h, const struct past_period *p)
{
	html_put(h, "<tr><th scope=\"row\" data-label=\"State\">");
	put_condition(h, &p->period.condition);
	html_put(h, "</th><td data-label=\"Began\">");
	put_since(h, &p->period);
	html_put(h, "</td><td data-label=\"Ended\">");
	if (p->period.until_us)
		put_until(h, &p->period);
	else
		html_put(h, "it lasts");
	html_put(h, "</td><td data-label=\"Seen for\">");
	put_length(h, &p->period);
	html_put(h, "</td><td data-label=\"What was found\">");
	html_text(h, p->sentence);
	html_put(h, " ");
	put_folder(h, p->evidence, "first evidence");
	put_folder(h, p->proof, "confirmation");
	html_put(h, "</td></tr>");
}

static void put_periods(const struct html *h, const struct past *past)
{
	static const char *const columns[] = {"State",	  "Began",	    "Ended",
					      "Seen for", "What was found", NULL};

	if (past->periods_n == 0)
		return;
	html_table_begin(h, "Periods, the newest first", columns, true);
	for (size_t i = past->periods_n; i-- > 0;)
		put_period(h, &past->periods[i]);
	html_table_end(h);
}

static void put_gaps(const struct html *h, const struct past *past)
{
	if (past->gaps_n == 0)
		return;
	html_element(h, "h3", "Not observed");
	html_put(h, "<ul>");
	for (size_t i = past->gaps_n; i-- > 0;) {
		html_put(h, "<li>");
		put_time(h, past->gaps[i].from_us);
		html_put(h, " to ");
		put_time(h, past->gaps[i].to_us);
		html_putf(h, " (%s)</li>", gap_why_name(past->gaps[i].why));
	}
	html_put(h, "</ul>");
}

/* Where the clock was set, times before and after do not agree. */
static void put_steps(const struct html *h, const struct past *past)
{
	for (size_t i = 0; i < past->runs_n; i++) {
		struct text text = {0};

		if (!past->runs[i].clock_step_us)
			continue;
		html_put(h, "<p>Before ");
		put_time(h, past->runs[i].started.wall_us);
		html_put(h, " the clock was ");
		past_add_step(&text, past->runs[i].clock_step_us);
		put_words(h, &text);
		html_put(h, "; what had ended by then has the times of the old clock.</p>");
	}
}

/* Runs of one state that follow each other on one day. */
struct bar {
	const struct run_record *first;
	int64_t from_us, to_us; /* within the day */
};

static void put_bar(const struct html *h, const struct bar *bar)
{
	enum state state = bar->first->condition.state;
	double x = (double)bar->from_us * 1440 / DAY_US;
	double width = (double)(bar->to_us - bar->from_us) * 1440 / DAY_US;

	html_putf(h,
		  "<rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"><title>"
		  "%02d:%02d to %02d:%02d ",
		  looks[state].class, x, STRIP_HEIGHT - looks[state].height, width < 2 ? 2 : width,
		  looks[state].height, (int)x / 60, (int)x % 60, (int)(x + width) / 60,
		  (int)(x + width) % 60);
	if (run_worth(bar->first->status) == RUN_FAILED)
		html_put(h, "could not measure");
	else
		put_condition(h, &bar->first->condition);
	html_put(h, "</title></rect>");
}

/* Whether a bar's runs and this one say the same. */
static bool same_look(const struct run_record *a, const struct run_record *b)
{
	return a->condition.state == b->condition.state && a->condition.who == b->condition.who &&
	       a->status == b->status;
}

/* A day's bars from its runs from `at` on, each until the next one begins unless nobody looked for
 * long; returns the first run of another day. */
static size_t put_bars(const struct html *h, const struct past *past, size_t at)
{
	int64_t day = past->runs[at].started.wall_us / DAY_US;
	int64_t near_us = NEAR * past->tracker.interval_us;
	struct bar bar = {0};

	for (; at < past->runs_n && past->runs[at].started.wall_us / DAY_US == day; at++) {
		const struct run_record *run = &past->runs[at];
		int64_t from_us = run->started.wall_us % DAY_US, to_us = run->ended_us % DAY_US;
		bool follows = bar.first && from_us >= bar.to_us && from_us - bar.to_us <= near_us;

		to_us = to_us < from_us ? DAY_US : to_us;
		if (follows)
			bar.to_us = from_us;
		if (follows && same_look(bar.first, run)) {
			bar.to_us = to_us;
			continue;
		}
		if (bar.first)
			put_bar(h, &bar);
		bar = (struct bar){run, from_us, to_us};
	}
	if (bar.first)
		put_bar(h, &bar);
	return at;
}

/* A day's strip; returns the first run of another day. */
static size_t put_day(const struct html *h, const struct past *past, size_t at)
{
	int64_t day = past->runs[at].started.wall_us / DAY_US;
	char buf[PHRASE_TIME_BYTES];

	html_putf(h,
		  "<tr><th scope=\"row\">%.10s</th><td><svg role=\"img\" "
		  "viewBox=\"0 0 1440 %d\" preserveAspectRatio=\"none\">%s",
		  phrase_time(day * DAY_US * 1000, buf), STRIP_HEIGHT, hours);
	at = put_bars(h, past, at);
	html_put(h, "</svg></td></tr>");
	return at;
}

static void put_days(const struct html *h, const struct past *past)
{
	html_element(h, "h3", "Every day, from 00:00 to 24:00 UTC");
	html_element(h, "p class=\"faint\"",
		     "High and red: blocked, intercepted or closed; middle: degraded; low and "
		     "green: open; a thin line: undecided or not measured; empty: nobody looked.");
	html_put(h, "<table class=\"days\"><tbody><tr><td></td><td><div class=\"scale\">"
		    "<span>00</span><span>06</span><span>12</span><span>18</span><span>24</span>"
		    "</div></td></tr>");
	for (size_t at = 0; at < past->runs_n;)
		at = put_day(h, past, at);
	html_put(h, "</tbody></table>");
}

static void put_subject(const struct html *h, const struct past *past, int64_t now_us)
{
	const struct period *p = tracker_confirmed(&past->tracker, now_us);

	html_putf(h, "<h2>Port %u, ", past->port);
	html_text(h, past->name);
	html_put(h, "</h2><p>");
	if (p) {
		html_putf(h, "<strong class=\"%s\">", looks[p->condition.state].class);
		put_condition(h, &p->condition);
		html_put(h, "</strong>, ");
		put_since(h, p);
	} else {
		html_put(h, "Nothing is confirmed at present.");
	}
	html_put(h, past->tracker.flapping.on ? " The state changes to and fro.</p>" : "</p>");
	put_periods(h, past);
	put_steps(h, past);
	put_gaps(h, past);
	put_days(h, past);
}

void past_html(const struct past *items, size_t n, int64_t now_us, struct text *out)
{
	const struct html h = {.out = out};

	html_put(&h, "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">"
		     "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
		     "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';"
		     "style-src 'unsafe-inline'\"><title>History of watched ports</title><style>");
	html_put(&h, html_style);
	html_put(&h, page_style);
	html_put(&h, "</style></head><body><main><h1>History of watched ports</h1>"
		     "<p class=\"faint\">As it was at ");
	put_time(&h, now_us);
	html_put(&h, ".</p>");
	for (size_t i = 0; i < n; i++)
		put_subject(&h, &items[i], now_us);
	if (n == 0)
		html_element(&h, "p", "Nothing is stored.");
	html_put(&h, "</main></body></html>\n");
}
