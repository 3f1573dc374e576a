/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/load/reading.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/load/hop_owners.h"
#include "cli/load/passes.h"
#include "io/names/networks.h"
#include "trace/facts.h"
#include "trace/overhear.h"
#include <jansson.h>

static void note(struct passes *r, const char *kind, const char *text)
{
	struct note item = {.kind = kind, .text = text, .server = TRACE_NONE};

	(void)trace_add_note(&r->out->trace, &item);
}

/* The facts of a capture of our own into the trace. 0, or an exit status with *err. */
static int read_facts(struct passes *r, struct err *err)
{
	struct loaded *out = r->out;
	const char *text;
	json_error_t where;
	json_t *facts;
	int status = 0;

	switch (source_facts(captures_source(r->captures, 0), &text)) {
	case SOURCE_FACTS_NONE:
		return 0;
	case SOURCE_FACTS_BROKEN:
		note(r, "note", "the facts of the run are incomplete: only the frames count");
		return 0;
	case SOURCE_FACTS_WHOLE:
		break;
	}
	if (captures_count(r->captures) > 1) {
		note(r, "note",
		     "facts of a run count where its capture is read alone: here only "
		     "the frames do");
		return 0;
	}
	facts = json_loads(text, JSON_REJECT_DUPLICATES, &where);
	if (!facts) {
		err_set(err, EXIT_INPUT, "'%s': the facts of the run are broken: %s",
			captures_name(r->captures, 0), where.text);
		return EXIT_INPUT;
	}
	if (facts_decode(facts, &out->trace, err) != 0)
		status = err->code;
	else if (!record_decode(facts, &out->record))
		status = passes_no_memory(err);
	json_decref(facts);
	out->notes_from = out->trace.notes_n;
	return status;
}

/* Prefixes that the user names, beside those of the run. */
static int read_networks(struct passes *r, struct err *err)
{
	struct network_list list;
	int status = 0;

	if (!r->out->o.networks_file)
		return 0;
	if (networks_read(r->out->o.networks_file, &list, err) != 0)
		return err->code;
	for (size_t i = 0; i < list.n && status == 0; i++) {
		if (!trace_add_network(&r->out->trace, &list.networks[i]))
			status = passes_no_memory(err);
	}
	networks_free(&list);
	return status;
}

static int choose(struct passes *r, struct err *err)
{
	const struct options *o = &r->out->o;
	const struct survey *s = &r->survey;
	struct trace *t = &r->out->trace;
	struct survey_choice choice;
	struct survey_wish wish = {
		.port = (uint16_t)o->port,
		.port_given = o->port_given,
		.client = o->client,
		.controls = o->controls,
		.controls_n = o->controls_n,
	};

	if (!survey_choose(&r->survey, &wish, &choice) || !survey_fill(s, &wish, &choice, t) ||
	    !survey_explain(s, &choice, t))
		return passes_no_memory(err);
	t->run.started_ns = s->first_ns;
	t->run.blind = s->answers == 0 || (s->synacks && s->segments == 0);
	return 0;
}

/* Nothing to judge, and why, as far as that is known. */
static int nothing_there(struct passes *r, struct err *err)
{
	const char *cut = captures_cut(r->captures, 0);
	struct text why = {0};

	if (r->closed)
		text_addf(&why, "; it holds packets in a tunnel (%s)", r->closed);
	if (r->out->counts.broken)
		text_addf(&why, "; %llu of %llu frames are cut or malformed",
			  (unsigned long long)r->out->counts.broken,
			  (unsigned long long)r->out->counts.frames);
	if (cut)
		text_addf(&why, "; %s", cut);
	(void)err_set(err, EXIT_INPUT,
		      "'%s' holds no TCP attempt and no answer to one (%llu other TCP segments)%s",
		      captures_name(r->captures, 0), (unsigned long long)r->survey.segments,
		      text_str(&why));
	text_free(&why);
	return EXIT_INPUT;
}

static int read_foreign(struct passes *r, struct err *err)
{
	struct trace *t = &r->out->trace;
	int status = passes_survey(r, err);
	struct feed_counts counts;

	if (status == 0 && !survey_has_attempts(&r->survey) && r->closed)
		status = passes_open_overlays(r, err);
	if (status != 0)
		return status;
	counts = r->out->counts;
	if (!survey_has_attempts(&r->survey))
		return nothing_there(r, err);
	status = choose(r, err);
	if (status == 0 && captures_rewind(r->captures, err) != 0)
		status = err->code;
	if (status == 0)
		status = passes_feed(r, err);
	overhear_finish(t);
	/* The second reading need not have been of all. */
	counts.kept = r->out->counts.kept;
	r->out->counts = counts;
	trace_clock(t, r->last_ns);
	t->run.ended_ns = t->last_ns;
	return status;
}

/* Overlay networks: whether what they carry is judged. */
static void tell_overlays(struct passes *r)
{
	struct text text = {0};

	if (!r->closed)
		return;
	if (r->out->overlays)
		text_addf(&text,
			  "outside of the tunnel (%s) nobody asks anything: the packets that it "
			  "carries are judged",
			  r->closed);
	else
		text_addf(&text, "%llu packets in a tunnel (%s) were not looked into",
			  (unsigned long long)r->out->counts.closed, r->closed);
	note(r, "note", text_str(&text));
	text_free(&text);
}

/* What of the capture could not be used. */
static void tell_losses(struct passes *r)
{
	const struct feed_counts *counts = &r->out->counts;
	struct text text = {0};

	for (size_t i = 0; i < captures_count(r->captures); i++) {
		const char *cut = captures_cut(r->captures, i);

		if (!cut)
			continue;
		r->out->trace.run.cut = true;
		note(r, "note", cut);
	}
	if (counts->broken)
		text_addf(&text, "%llu of %llu frames are cut or malformed and were passed over",
			  (unsigned long long)counts->broken, (unsigned long long)counts->frames);
	if (counts->unlinked)
		text_addf(&text, "%s%llu frames are of a link type that is not known",
			  text.len ? "; " : "", (unsigned long long)counts->unlinked);
	if (text.len)
		note(r, "note", text_str(&text));
	text_free(&text);
	if (r->out->trace.full)
		note(r, "limit",
		     "the capture holds more SYNs or answers than are looked at: the "
		     "rest is left out");
}

/* What the user says now of this host's public addresses; whether that is anything. */
static bool state_addresses(struct passes *r)
{
	struct trace *t = &r->out->trace;
	bool stated = false;

	for (int i = 0; i < 2; i++) {
		const struct addr *addr = &r->out->o.public_address[i];

		if (!addr_is_set(addr))
			continue;
		t->run.public_addr[i] = *addr;
		stated = true;
	}
	return stated;
}

/*
 * Evidence of our own has its owners with it, unless the user names other data; an address that is
 * stated only now is none of them.
 */
static int find_owners(struct passes *r, struct err *err)
{
	struct trace *t = &r->out->trace;
	bool stated = state_addresses(r);
	struct hop_owners owners;

	if (hop_owners_open(&owners, &r->out->o, stated || !t->run.own, r->out->log, err) != 0) {
		hop_owners_close(&owners);
		return err->code;
	}
	if (t->run.own && !r->out->o.asn_db)
		hop_owners_stated(&owners, t);
	else
		hop_owners_end(&owners, t, 0);
	hop_owners_close(&owners);
	return 0;
}

int reading_fill(struct captures *captures, struct loaded *out, struct err *err)
{
	struct passes r = {.captures = captures, .out = out, .progress.log = out->log};
	int status;

	r.survey.port = (uint16_t)out->o.port;
	status = read_facts(&r, err);
	if (status == 0)
		status = read_networks(&r, err);
	if (status == 0 && out->trace.run.own) {
		status = passes_feed(&r, err);
		trace_clock(&out->trace, out->trace.run.ended_ns);
	} else if (status == 0) {
		status = read_foreign(&r, err);
	}
	if (status == 0)
		status = find_owners(&r, err);
	if (status == 0)
		tell_overlays(&r);
	if (status == 0)
		tell_losses(&r);
	passes_end(&r);
	return status;
}
