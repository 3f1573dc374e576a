/* SPDX-License-Identifier: BSD-2-Clause */
/* The end of the HTML report: this host, the rounds, and how the measurement was made. */
#include "report/html/parts.h"
#include "report/page/phrase.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define VALUE_BYTES 160

static void code_cell(const struct html *h, const char *label, const char *s)
{
	if (s)
		html_putf(h, "<td data-label=\"%s\">", label);
	else
		html_put(h, "<td>");
	if (s)
		html_element(h, "code", s);
	html_put(h, "</td>");
}

void html_host(const struct html *h)
{
	static const char *const columns[] = {"kind", "what", "rule", "what would allow it", NULL};
	const struct result *r = h->r;

	if (r->facts_n == 0)
		return;
	html_element(h, "h2", h->t->run.own ? "This host" : "The capture");
	html_table_begin(h,
			 h->t->run.own ? "What was found on this host itself."
				       : "What was assumed of the capture, and found in it.",
			 columns, true);
	for (size_t i = 0; i < r->facts_n; i++) {
		const struct host_fact *f = &r->facts[i];

		html_put(h, "<tr>");
		html_element(h, "td data-label=\"kind\"", phrase_fact_kind(f->kind));
		html_element(h, "td data-label=\"what\"", f->text);
		code_cell(h, "rule", f->rule);
		code_cell(h, "what would allow it", f->command);
		html_put(h, "</tr>\n");
	}
	html_table_end(h);
}

void html_rounds(const struct html *h)
{
	static const char *const columns[] = {"began (UTC)", "state",	 "who",
					      "how",	     "sentence", NULL};
	const struct about *about = h->run->about;
	struct text line = {0};

	if (!phrase_rounds(about, NULL, &line))
		return;
	html_element(h, "h2", "Rounds");
	html_element(h, "p", text_str(&line));
	html_table_begin(h, "Every round of the measurement.", columns, true);
	for (size_t i = 0; i < about->rounds_n; i++) {
		const struct about_round *round = &about->rounds[i];
		char time[PHRASE_TIME_BYTES];

		html_put(h, "<tr>");
		html_element(h, "td data-label=\"began\"", phrase_time(round->started_ns, time));
		html_element(h, "td data-label=\"state\"", round->state);
		html_element(h, "td data-label=\"who\"", round->blocker);
		html_element(h, "td data-label=\"how\"", round->mechanism);
		html_element(h, "td data-label=\"sentence\"", round->sentence);
		html_put(h, "</tr>\n");
	}
	html_table_end(h);
	h->out->failed |= line.failed;
	text_free(&line);
}

static void list(const struct html *h, const char *name, const char *const *items,
		 const char *between, const char *none)
{
	struct text line = {0};

	for (size_t i = 0; items && items[i]; i++) {
		text_add(&line, i > 0 ? between : "");
		text_add(&line, items[i]);
	}
	html_property(h, name, line.len > 0 ? text_str(&line) : none);
	h->out->failed |= line.failed;
	text_free(&line);
}

static void clock_state(const struct html *h, const struct about_clock *clock)
{
	char value[VALUE_BYTES] = "unknown";

	if (clock->known)
		snprintf(value, sizeof(value),
			 "%s; estimated error %.1f ms, at most %.1f ms (adjtimex)",
			 clock->synchronised ? "synchronised" : "not synchronised",
			 (double)clock->estimated_error_us / 1e3,
			 (double)clock->max_error_us / 1e3);
	html_property(h, "clock", value);
}

static void addresses(const struct html *h)
{
	const struct about *about = h->run->about;
	char buf[ADDR_TEXT_BYTES];

	for (size_t i = 0; i < h->t->routes_n; i++) {
		const struct route *route = &h->t->routes[i];
		struct text line = {0};

		text_addf(&line, "%s, interface %s", addr_text(&route->client, buf),
			  route->interface ? route->interface : "unknown");
		if (addr_is_set(&route->gateway))
			text_addf(&line, ", gateway %s", addr_text(&route->gateway, buf));
		html_property(h, route->family == 4 ? "source, IPv4" : "source, IPv6",
			      text_str(&line));
		h->out->failed |= line.failed;
		text_free(&line);
	}
	for (size_t i = 0; about && i < about->public_n; i++) {
		char value[VALUE_BYTES * 2];

		snprintf(value, sizeof(value), "%s (%.200s)",
			 addr_text(&about->public[i].addr, buf), about->public[i].source);
		html_property(h, "seen from outside as", value);
	}
}

static void packets(const struct html *h)
{
	char value[VALUE_BYTES];

	if (h->t->run.own)
		snprintf(value, sizeof(value),
			 "%" PRIu64 " sent, %" PRIu64 " captured, %" PRIu64 " lost while capturing",
			 h->run->packets_sent, h->run->packets_seen, h->run->capture_dropped);
	else
		snprintf(value, sizeof(value), "%" PRIu64 " read, %" PRIu64 " SYNs judged",
			 h->run->packets_seen, h->run->packets_sent);
	html_property(h, "packets", value);
	html_property(h, "end of the run",
		      phrase_stop(h->run->stop) ? phrase_stop(h->run->stop) : h->run->stop);
}

static void contact(const struct html *h)
{
	const struct about *about = h->run->about;

	if (!about || !about->contact.source)
		return;
	html_property(h, "network, by the registry", about->contact.network);
	html_property(h, "contact", about->contact.name);
	html_property(h, "mail", about->contact.email);
	html_property(h, "asked", about->contact.source);
}

void html_about(const struct html *h)
{
	static const struct about nothing;
	const struct about *about = h->run->about ? h->run->about : &nothing;
	char time[PHRASE_TIME_BYTES];

	html_element(h, "h2", "How this was measured");
	html_put(h, "<dl>\n");
	html_property(h, "tool", "whoblocks " WHOBLOCKS_VERSION);
	list(h, "command line", h->run->argv, " ", "unknown");
	html_property(h, "began", phrase_time(h->run->started_ns, time));
	html_property(h, "ended", phrase_time(h->run->started_ns + h->run->duration_ns, time));
	packets(h);
	addresses(h);
	contact(h);
	list(h, "asked outside", h->run->lookups, "; ", "nobody");
	clock_state(h, &about->clock);
	html_property(h, "time stamps", about->timestamps);
	html_property(h, "system", about->os);
	list(h, "libraries", about->libraries, ", ", NULL);
	html_property(h, "capture", h->run->capture_file);
	html_property(h, "its SHA-256", h->run->capture_sha256);
	if (about->redacted)
		html_property(
			h, "privacy",
			"addresses and names of the local network and its users are pseudonyms");
	html_put(h, "</dl>\n");
}
