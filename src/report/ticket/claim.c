/* SPDX-License-Identifier: BSD-2-Clause */
/* The first page of the ticket: the claim, what it rests on, where and when. */
#include "report/page/about.h"
#include "report/page/phrase.h"
#include "report/ticket/parts.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define REASONS_SHOWN 4
#define FRAMES_SHOWN  4

static void say(struct ticket *k, const char *lead, const struct text *text)
{
	page_paragraph(&k->page, &(struct margin){lead, strlen(lead), "", PAINT_NONE},
		       text_str(text));
	k->page.out->failed |= text->failed;
}

static void add_contact(struct ticket *k)
{
	const struct about_contact *c = k->run->about ? &k->run->about->contact : NULL;
	struct text text = {0};

	if (!c || !c->source || (k->party != PARTY_PROVIDER && k->party != PARTY_HOSTING))
		return;
	if (c->name)
		text_addf(&text, "%s ", c->name);
	if (c->email)
		text_addf(&text, "<%s> ", c->email);
	if (c->network)
		text_addf(&text, "of the network %s ", c->network);
	text_addf(&text, "(by %s)", c->source);
	say(k, "    ", &text);
	text_free(&text);
}

void ticket_claim(struct ticket *k)
{
	ticket_say(k, "", ticket_line(LINE_SUBJECT));
	page_put(&k->page, "To: ");
	ticket_say(k, "", ticket_party_word(k->party, WORD_TO));
	add_contact(k);
	ticket_heading(k, LINE_CLAIM);
	ticket_say(k, "   ", ticket_party_word(k->party, WORD_CLAIM));
}

static void add_frames(const struct reason *reason, struct text *line)
{
	size_t shown = reason->packets_n < FRAMES_SHOWN ? reason->packets_n : FRAMES_SHOWN;

	for (size_t i = 0; i < shown; i++)
		text_addf(line, "%s%" PRIu32, i == 0 ? " [frames " : ", ",
			  reason->packets[i].frame);
	if (shown > 0)
		text_add(line, reason->packets_n > shown ? ", ...]" : "]");
}

/* What the host's own firewall says of itself. */
static void rules(struct ticket *k)
{
	for (size_t i = 0; i < k->r->facts_n; i++) {
		const struct host_fact *f = &k->r->facts[i];

		if (!f->rule || k->party != PARTY_HOST)
			continue;
		ticket_define(k, "rule", f->rule);
		ticket_say(k, " - ", ticket_line(LINE_RULE));
		if (!f->command)
			return;
		ticket_define(k, "command", f->command);
		ticket_say(k, "   ", ticket_line(LINE_ALLOW));
		return;
	}
}

void ticket_observed(struct ticket *k)
{
	const struct verdict *v = &k->r->verdict;
	const struct judgement *j = &v->judgement;
	struct text text = {0};

	ticket_heading(k, LINE_OBSERVED);
	for (size_t i = 0; i < v->reasons_n && i < REASONS_SHOWN; i++) {
		struct text line = {0};

		text_add(&line, v->reasons[i].text);
		add_frames(&v->reasons[i], &line);
		say(k, " - ", &line);
		text_free(&line);
	}
	rules(k);
	if (phrase_rounds(k->run->about, &text))
		say(k, " - ", &text);
	text_free(&text);
	ticket_heading(k, LINE_INFERRED);
	text_add(&text, v->sentence ? v->sentence : "");
	if (j->has_confidence && j->state != STATE_UNKNOWN)
		text_addf(&text, " The probability that this is right is %s%.2f.",
			  j->confidence > 0.99 ? "over " : "",
			  j->confidence > 0.99 ? 0.99 : j->confidence);
	say(k, " - ", &text);
	text_free(&text);
}

/* "  key          value" */
static void row(struct ticket *k, const char *key, const char *value)
{
	char lead[24];

	snprintf(lead, sizeof(lead), "   %-15s", key);
	page_paragraph(&k->page, &(struct margin){lead, strlen(lead), "", PAINT_NONE}, value);
}

static void source_row(struct ticket *k, uint8_t family)
{
	const struct about *about = k->run->about;
	const struct route *route = trace_route(k->t, family);
	char buf[ADDR_TEXT_BYTES];
	struct text text = {0};
	bool known = false;

	if (!route || !addr_is_set(&route->client))
		return;
	text_addf(&text, "%s (interface %s)", addr_text(&route->client, buf),
		  route->interface ? route->interface : "unknown");
	if (addr_is_set(&route->gateway))
		text_addf(&text, ", gateway %s", addr_text(&route->gateway, buf));
	for (size_t i = 0; about && i < about->public_n; i++) {
		if (about->public[i].addr.family != family)
			continue;
		text_addf(&text, "; seen from outside as %s (%s)",
			  addr_text(&about->public[i].addr, buf), about->public[i].source);
		known = true;
	}
	if (!known && addr_class(&route->client) != ADDR_PUBLIC)
		text_add(&text, "; the public address is not known to this measurement");
	row(k, family == 4 ? "source, IPv4" : "source, IPv6", text_str(&text));
	text_free(&text);
}

static void clock_row(struct ticket *k)
{
	const struct about *about = k->run->about;
	char line[128];

	if (!about || !about->clock.known) {
		row(k, "clock", "its state is not known");
		return;
	}
	snprintf(line, sizeof(line), "%s (estimated error %.1f ms, at most %.1f ms)",
		 about->clock.synchronised ? "synchronised" : "NOT synchronised",
		 (double)about->clock.estimated_error_us / 1e3,
		 (double)about->clock.max_error_us / 1e3);
	row(k, "clock", line);
}

static void capture_row(struct ticket *k)
{
	char line[128];

	snprintf(line, sizeof(line), "%" PRIu64 " packets, %" PRIu64 " lost while capturing",
		 k->run->packets_seen, k->run->capture_dropped);
	row(k, "capture", line);
}

void ticket_where(struct ticket *k)
{
	char from[PHRASE_TIME_BYTES], to[PHRASE_TIME_BYTES];
	struct text text = {0};

	ticket_heading(k, LINE_PLACE);
	text_addf(&text, "%s to %s", phrase_time(k->run->started_ns, from),
		  phrase_time(k->run->started_ns + k->run->duration_ns, to));
	row(k, "measured", text_str(&text));
	text_free(&text);
	source_row(k, 4);
	source_row(k, 6);
	clock_row(k);
	capture_row(k);
	text_addf(&text, "whoblocks " WHOBLOCKS_VERSION "%s%s",
		  k->run->about && k->run->about->os ? " on " : "",
		  k->run->about && k->run->about->os ? k->run->about->os : "");
	row(k, "made by", text_str(&text));
	text_free(&text);
	if (k->run->about && k->run->about->redacted)
		row(k, "note",
		    "addresses and names of the local network and its users are pseudonyms");
}
