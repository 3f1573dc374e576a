/* SPDX-License-Identifier: BSD-2-Clause */
/* The first page of the ticket: the claim, what it rests on, where and when. */
#include "base/catalogue.h"
#include "report/page/about.h"
#include "report/page/phrase.h"
#include "report/ticket/parts.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define REASONS_SHOWN 4
#define FRAMES_SHOWN  4
#define KEY_COLUMNS   15

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
		text_addf(&text, catalogue_say(k->arena.catalogue, "of the network %s "),
			  c->network);
	text_addf(&text, catalogue_say(k->arena.catalogue, "(by %s)"), c->source);
	say(k, "    ", &text);
	text_free(&text);
}

void ticket_claim(struct ticket *k)
{
	ticket_say(k, "", ticket_line(LINE_SUBJECT));
	page_put(&k->page, arena_word(&k->arena, N_("To: ")));
	ticket_say(k, "", ticket_party_word(k->party, WORD_TO));
	add_contact(k);
	ticket_heading(k, LINE_CLAIM);
	ticket_say(k, "   ", ticket_party_word(k->party, WORD_CLAIM));
}

static void add_frames(struct ticket *k, const struct reason *reason, struct text *line)
{
	const char *lead = arena_word(&k->arena, N_(" [frames "));
	size_t shown = reason->packets_n < FRAMES_SHOWN ? reason->packets_n : FRAMES_SHOWN;

	for (size_t i = 0; i < shown; i++)
		text_addf(line, "%s%" PRIu32, i == 0 ? lead : ", ", reason->packets[i].frame);
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

/* A reason with its frames. Reasons are English: in other languages their signs stand for them. */
static void observed(struct ticket *k, const struct reason *reason)
{
	struct text line = {0};

	if (k->arena.catalogue)
		text_addf(&line, catalogue_say(k->arena.catalogue, "sign %s"), reason->rule);
	else
		text_add(&line, reason->text);
	add_frames(k, reason, &line);
	say(k, " - ", &line);
	text_free(&line);
}

void ticket_observed(struct ticket *k)
{
	const struct verdict *v = &k->r->verdict;
	const struct judgement *j = &v->judgement;
	struct text text = {0};
	bool shown = false;

	ticket_heading(k, LINE_OBSERVED);
	if (k->arena.catalogue && k->f)
		ticket_say(k, " - ", ticket_line(LINE_COUNTED));
	for (size_t i = 0; i < v->reasons_n && i < REASONS_SHOWN; i++) {
		if (k->arena.catalogue && v->reasons[i].packets_n == 0)
			continue;
		observed(k, &v->reasons[i]);
		shown = true;
	}
	if (k->arena.catalogue && shown)
		ticket_say(k, "   ", ticket_line(LINE_SIGNS));
	rules(k);
	if (phrase_rounds(k->run->about, k->arena.catalogue, &text))
		say(k, " - ", &text);
	text_free(&text);
	ticket_heading(k, LINE_INFERRED);
	text_add(&text, result_told(k->r)->sentence ? result_told(k->r)->sentence : "");
	if (j->has_confidence && j->state != STATE_UNKNOWN && j->confidence > 0.99)
		text_add(&text, arena_word(&k->arena, N_(" The probability that this is right is "
							 "over 0.99.")));
	else if (j->has_confidence && j->state != STATE_UNKNOWN)
		text_addf(&text,
			  catalogue_say(k->arena.catalogue,
					" The probability that this is right is %.2f."),
			  j->confidence);
	say(k, " - ", &text);
	text_free(&text);
}

/* "  key          value" */
static void row(struct ticket *k, const char *key, const char *value)
{
	const char *word = arena_word(&k->arena, key);
	struct text lead = {0};

	text_add(&lead, "   ");
	text_add(&lead, word);
	for (size_t wide = page_width(word); wide < KEY_COLUMNS; wide++)
		text_add(&lead, " ");
	page_paragraph(
		&k->page,
		&(struct margin){text_str(&lead), page_width(text_str(&lead)), "", PAINT_NONE},
		value);
	k->page.out->failed |= lead.failed;
	text_free(&lead);
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
	text_addf(&text, catalogue_say(k->arena.catalogue, "%s (interface %s)"),
		  addr_text(&route->client, buf),
		  route->interface ? route->interface : arena_word(&k->arena, N_("unknown")));
	if (addr_is_set(&route->gateway))
		text_addf(&text, catalogue_say(k->arena.catalogue, ", gateway %s"),
			  addr_text(&route->gateway, buf));
	for (size_t i = 0; about && i < about->public_n; i++) {
		if (about->public[i].addr.family != family)
			continue;
		text_addf(&text,
			  catalogue_say(k->arena.catalogue, "; seen from outside as %s (%s)"),
			  addr_text(&about->public[i].addr, buf), about->public[i].source);
		known = true;
	}
	if (!known && addr_class(&route->client) != ADDR_PUBLIC)
		text_add(&text,
			 arena_word(&k->arena, N_("; the public address is not known to this "
						  "measurement")));
	row(k, family == 4 ? N_("source, IPv4") : N_("source, IPv6"), text_str(&text));
	text_free(&text);
}

static void clock_row(struct ticket *k)
{
	const struct about *about = k->run->about;
	struct text line = {0};

	if (!about || !about->clock.known) {
		row(k, N_("clock"), arena_word(&k->arena, N_("its state is not known")));
		return;
	}
	text_addf(&line,
		  about->clock.synchronised
			  ? catalogue_say(k->arena.catalogue,
					  "synchronised (estimated error %.1f ms, at most %.1f ms)")
			  : catalogue_say(
				    k->arena.catalogue,
				    "NOT synchronised (estimated error %.1f ms, at most %.1f ms)"),
		  (double)about->clock.estimated_error_us / 1e3,
		  (double)about->clock.max_error_us / 1e3);
	row(k, N_("clock"), text_str(&line));
	k->page.out->failed |= line.failed;
	text_free(&line);
}

static void capture_row(struct ticket *k)
{
	row(k, N_("capture"),
	    arena_say(&k->arena, "%llu packets, %llu lost while capturing",
		      (unsigned long long)k->run->packets_seen,
		      (unsigned long long)k->run->capture_dropped));
}

void ticket_where(struct ticket *k)
{
	char from[PHRASE_TIME_BYTES], to[PHRASE_TIME_BYTES];
	struct text text = {0};

	ticket_heading(k, LINE_PLACE);
	text_addf(&text, catalogue_say(k->arena.catalogue, "%s to %s"),
		  phrase_time(k->run->started_ns, from),
		  phrase_time(k->run->started_ns + k->run->duration_ns, to));
	row(k, N_("measured"), text_str(&text));
	text_free(&text);
	source_row(k, 4);
	source_row(k, 6);
	clock_row(k);
	capture_row(k);
	if (k->run->about && k->run->about->os)
		text_addf(&text, catalogue_say(k->arena.catalogue, "whoblocks %s on %s"),
			  WHOBLOCKS_VERSION, k->run->about->os);
	else
		text_add(&text, "whoblocks " WHOBLOCKS_VERSION);
	row(k, N_("made by"), text_str(&text));
	text_free(&text);
	if (k->run->about && k->run->about->redacted)
		row(k, N_("note"),
		    arena_word(&k->arena, N_("addresses and names of the local network and its "
					     "users are pseudonyms")));
}
