/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/catalogue.h"
#include "infer/mail/mail.h"
#include "report/page/phrase.h"
#include "report/page/telling.h"
#include "report/text/parts.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define REASONS_SHOWN 6
#define FRAMES_SHOWN  3

/* Whether that it is blocked is known, and not by whom. */
static bool is_undecided(const struct judgement *j)
{
	return (j->state == STATE_BLOCKED || j->state == STATE_DEGRADED) &&
	       j->blocker == BLOCKER_UNKNOWN && j->suspects_n > 1;
}

/* Whether nothing tells the suspects apart, so that the sentence, which names them, says it all. */
static bool are_alike(const struct judgement *j)
{
	const double same = 0.005;

	return j->suspects[0].probability - j->suspects[j->suspects_n - 1].probability < same;
}

/* Where the first sentence ends: before its full stop, or at the end. */
static size_t first_sentence(const char *s)
{
	size_t n = strlen(s);

	for (size_t i = 0; i + 2 < n; i++) {
		bool upper = (s[i + 2] >= 'A' && s[i + 2] <= 'Z') || (s[i + 2] & 0x80);

		if (s[i] == '.' && s[i + 1] == ' ' && upper)
			return i;
	}
	return n > 0 && s[n - 1] == '.' ? n - 1 : n;
}

static void add_probability(double p, const struct catalogue *c, struct text *out)
{
	/* A rounded 1.00 would claim a certainty that nothing has. */
	if (p > 0.99)
		text_add(out, catalogue_say(c, " (probability over 0.99)"));
	else
		text_addf(out, catalogue_say(c, " (probability %.2f)"), p);
}

/* Whether the server that is spoken of accepts connections. */
static bool is_connected(const struct result *r)
{
	const struct mail *mail = r->findings_n > 0 ? r->findings[telling_finding(r)].mail : NULL;

	return mail && mail->outcome == MAIL_MUTE;
}

static void print_sentence(const struct view *v)
{
	const struct judgement *j = &v->r->verdict.judgement;
	const char *s = result_told(v->r)->sentence ? result_told(v->r)->sentence : "";
	size_t n = first_sentence(s);
	struct text line = {0};

	if (j->state == STATE_UNKNOWN)
		text_add(&line, catalogue_say(v->catalogue, "No verdict. "));
	text_add_bytes(&line, s, n);
	/* Of a list of suspects it would be the list's. */
	if (j->has_confidence && j->state != STATE_UNKNOWN && !is_undecided(j))
		add_probability(j->confidence, v->catalogue, &line);
	text_add(&line, s + n);
	page_paragraph(v->page, &(struct margin){"", 0, "", page_state_paint(j->state)},
		       text_str(&line));
	if (j->state == STATE_UNKNOWN)
		page_paragraph(
			v->page, &(struct margin){"", 0, "", PAINT_NONE},
			catalogue_say(v->catalogue,
				      is_connected(v->r)
					      ? N_("The connection comes about; why it goes no "
						   "further is not known, and nobody is accused.")
					      : N_("That says neither that the port is open nor "
						   "that it is blocked, and accuses nobody.")));
	v->page->out->failed |= line.failed;
	text_free(&line);
}

/* What is certain and what is not, in one sentence. */
static void print_undecided(const struct view *v, const struct judgement *j)
{
	const char *said =
		N_("That some connections fail is certain; who does it cannot be told from "
		   "here.");

	if (j->state == STATE_BLOCKED && j->mechanism == MECHANISM_TCP_RESET)
		said = N_("That it is refused is certain; by which of these, cannot be told from "
			  "here.");
	else if (j->state == STATE_BLOCKED)
		said = N_("That it is blocked is certain; by which of these, cannot be told from "
			  "here.");
	page_paragraph(v->page, &(struct margin){"", 0, "", PAINT_NONE},
		       catalogue_say(v->catalogue, said));
}

static void print_suspects(const struct view *v)
{
	const struct judgement *j = &result_told(v->r)->judgement;
	const struct page *p = v->page;

	if (j->suspects_n < 2)
		return;
	if (is_undecided(j))
		print_undecided(v, j);
	if (is_undecided(j) && j->state == STATE_BLOCKED && are_alike(j))
		return;
	page_end(p);
	page_paragraph(p, &(struct margin){"", 0, "", PAINT_NONE},
		       catalogue_say(v->catalogue, are_alike(j) ? N_("Suspects, equally likely:")
								: N_("Suspects, with their "
								     "probabilities:")));
	for (size_t i = 0; i < j->suspects_n; i++) {
		const struct suspect *s = &j->suspects[i];
		const char *party = phrase_party(s->blocker);
		char lead[16] = "  - ";

		if (!are_alike(j))
			snprintf(lead, sizeof(lead), "  %4.2f  ", s->probability);
		page_paragraph(p, &(struct margin){lead, page_width(lead), "", PAINT_NONE},
			       s->text && *s->text
				       ? s->text
				       : catalogue_say(v->catalogue, party ? party : ""));
	}
}

/* Where the capture was kept, the frames can be looked up in it. */
static void add_frames(const struct view *v, const struct reason *reason, struct text *line)
{
	if (!v->run->capture_file || reason->packets_n == 0)
		return;
	text_add(line, reason->packets_n == 1 ? " [frame " : " [frames ");
	for (size_t i = 0; i < reason->packets_n && i < FRAMES_SHOWN; i++) {
		const struct frame_ref *at = &reason->packets[i];

		text_add(line, i > 0 ? "," : "");
		if (at->file > 1)
			text_addf(line, "%" PRIu32 ":", at->file);
		text_addf(line, "%" PRIu32, at->frame);
	}
	text_add(line, reason->packets_n > FRAMES_SHOWN ? ",…]" : "]");
}

static void print_reasons(const struct view *v)
{
	const struct verdict *verdict = &v->r->verdict;
	bool alone = verdict->reasons_n == 1;
	const struct page *p = v->page;

	if (verdict->reasons_n == 0)
		return;
	page_end(p);
	for (size_t i = 0; i < verdict->reasons_n && i < REASONS_SHOWN; i++) {
		struct text line = {0};

		if (verdict->reasons[i].text)
			text_add(&line, verdict->reasons[i].text);
		add_frames(v, &verdict->reasons[i], &line);
		page_paragraph(
			p, &(struct margin){alone ? "  " : "  - ", alone ? 2 : 4, "", PAINT_NONE},
			text_str(&line));
		p->out->failed |= line.failed;
		text_free(&line);
	}
	if (verdict->reasons_n > REASONS_SHOWN) {
		char more[64];

		snprintf(more, sizeof(more), "%zu more in the JSON result",
			 verdict->reasons_n - REASONS_SHOWN);
		page_paragraph(p, &(struct margin){"  - ", 4, "", PAINT_FAINT}, more);
	}
}

void text_verdict(const struct view *v)
{
	print_sentence(v);
	print_suspects(v);
	print_reasons(v);
}
