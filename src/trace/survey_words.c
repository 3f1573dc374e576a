/* SPDX-License-Identifier: BSD-2-Clause */
/* What was assumed of somebody else's capture, in sentences. */
#include "base/text.h"
#include "trace/survey.h"

static bool add_note(struct trace *t, const struct text *text)
{
	struct note note = {.kind = "note", .text = text_str(text), .server = TRACE_NONE};

	return !text->failed && trace_add_note(t, &note);
}

/* Where stacks start to count a TTL down. */
static int hops_travelled(uint8_t ttl)
{
	return ttl <= 64 ? 64 - ttl : ttl <= 128 ? 128 - ttl : 255 - ttl;
}

static void say_client(struct text *text, const struct survey *s,
		       const struct survey_choice *choice)
{
	bool both = choice->client[0] != TRACE_NONE && choice->client[1] != TRACE_NONE;
	char buf[ADDR_TEXT_BYTES];

	for (int i = 0; i < 2; i++) {
		if (choice->client[i] == TRACE_NONE)
			continue;
		text_addf(text, "%s%s", both && i == 1 ? " and " : "",
			  addr_text(&s->parties[choice->client[i]].addr, buf));
	}
	text_addf(text, " %s taken as the client", both ? "are" : "is");
	if (choice->others)
		text_addf(text, "; %u more asked the same port (--client chooses)", choice->others);
}

static void say_distance(struct text *text, const struct survey *s,
			 const struct survey_choice *choice)
{
	for (int i = 0; i < 2 && text->len == 0; i++) {
		const struct party *p;

		if (choice->client[i] == TRACE_NONE)
			continue;
		p = &s->parties[choice->client[i]];
		/* Differing TTLs are a scanner's own choice and tell no distance. */
		if (p->ttl_min == 0 || p->ttl_min != p->ttl_max || hops_travelled(p->ttl_min) == 0)
			continue;
		text_addf(text,
			  "the capture was made about %d hop%s away from the client, and hops "
			  "count from there",
			  hops_travelled(p->ttl_min), hops_travelled(p->ttl_min) == 1 ? "" : "s");
	}
}

static void say_blind(struct text *text, const struct survey *s)
{
	if (s->syns == 0)
		text_add(text,
			 "the capture holds answers only: whether this client asked for them, "
			 "or somebody else in its name, is not known");
	else if (s->answers == 0)
		text_add(text, s->segments
				       ? "no SYN in the capture is answered: silence in it is no "
					 "evidence"
				       : "the capture shows SYNs and nothing that came back: "
					 "silence in it is no evidence");
	else if (s->synacks && s->segments == 0)
		text_addf(text,
			  "of TCP the capture holds SYNs and SYN-ACKs only%s, as behind a filter: "
			  "silence in it is no evidence",
			  s->answers > s->synacks ? ", beside ICMP messages" : "");
}

static void say_limits(struct text *text, const struct survey *s,
		       const struct survey_choice *choice)
{
	if (choice->servers_over)
		text_addf(text, "more than %d servers: %u are left out", SURVEY_SERVERS_MAX,
			  choice->servers_over);
	if (s->passed_over)
		text_addf(text, "%smore than %d connections: %llu SYNs and answers are left out",
			  text->len ? "; " : "", SURVEY_TALKS_MAX,
			  (unsigned long long)s->passed_over);
}

bool survey_explain(const struct survey *s, const struct survey_choice *choice, struct trace *t)
{
	struct text notes[6] = {{0}};
	bool good = true;

	if (choice->port_found)
		text_addf(&notes[0], "nobody asked port %u: port %u is judged", s->port,
			  choice->port);
	if (choice->client[0] != TRACE_NONE || choice->client[1] != TRACE_NONE)
		say_client(&notes[1], s, choice);
	else
		text_addf(&notes[1], "nobody asked port %u", choice->port);
	say_distance(&notes[2], s, choice);
	say_blind(&notes[3], s);
	if (s->tunnel)
		text_addf(&notes[4], "packets travel in a tunnel (%s): hops under it do not show",
			  s->tunnel);
	say_limits(&notes[5], s, choice);
	for (size_t i = 0; i < sizeof(notes) / sizeof(*notes); i++) {
		if (notes[i].len || notes[i].failed)
			good = add_note(t, &notes[i]) && good;
		text_free(&notes[i]);
	}
	return good;
}
