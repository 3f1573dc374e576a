/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/load/gather.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/load/reading.h"
#include "cli/out/progress.h"
#include "io/folder/folder.h"
#include "trace/facts.h"
#include "trace/pairs_take.h"
#include <jansson.h>
#include <string.h>
#include <sys/stat.h>

struct gathering {
	struct log *log;
	struct loaded *loaded;
	struct pairs *pairs;
	struct progress progress;
};

static int fail(const struct gathering *g, const struct err *err)
{
	log_error(g->log, "%s", err->msg);
	return err->code;
}

/* Only a folder that is what it was when it was written counts as evidence. */
static int verify(const struct gathering *g, const char *path)
{
	struct err err = {0};
	struct stat st;
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode) && folder_verify(path, &err) != 0)
		return fail(g, &err);
	return 0;
}

/* No more can be kept: from here on nothing is known of the capture, as if it ended here. */
static void end_here(struct gathering *g, const char *name, const struct frame *frame)
{
	struct text text = {0};
	struct note note = {.kind = "limit", .server = TRACE_NONE};
	text_addf(&text,
		  "'%s' holds more than can be compared: only what comes before frame %u counts",
		  name, (unsigned)frame->number);
	note.text = text_str(&text);
	log_note(g->log, "%s", note.text);
	if (text.failed || !trace_add_note(&g->loaded->trace, &note))
		g->pairs->failed = true;
	text_free(&text);
}

static void take_frame(struct gathering *g, struct captures *captures, uint8_t index,
		       const struct frame *frame)
{
	struct pair_capture *c = &g->pairs->captures[index];
	struct packet packet;
	c->frames++;
	if (c->cut)
		return;
	if (packet_decode(frame, &packet) == DECODE_OK)
		pairs_take(g->pairs, &g->loaded->trace, index, &packet);
	c->overlays = c->overlays || packet.closed;
	if (g->pairs->full) {
		c->cut = true;
		end_here(g, captures_name(captures, 0), frame);
		return;
	}
	if (c->first_ns == 0 || frame->at_ns < c->first_ns)
		c->first_ns = frame->at_ns;
	if (frame->at_ns > c->last_ns)
		c->last_ns = frame->at_ns;
}

/*
 * All frames of a capture, from its first, into the pairs; what overlay networks carry, too, if
 * `overlays`. 0, or an exit status with *err.
 */
static int take_frames(struct gathering *g, struct captures *captures, uint8_t index, bool overlays,
		       struct err *err)
{
	struct frame frame;
	enum source_event event;
	/* Each capture has its share, so that no other one is left without. */
	g->pairs->sightings_max = PAIRS_SIGHTINGS_MAX / g->loaded->o.files_n * (index + 1);
	g->pairs->full = false;
	while ((event = captures_next(captures, &frame, err)) == SOURCE_FRAME) {
		frame.overlays = overlays;
		progress_frame(&g->progress, "comparing", captures);
		take_frame(g, captures, index, &frame);
	}
	progress_end(&g->progress);
	if (event == SOURCE_FAILED)
		return err->code;
	if (g->pairs->failed) {
		err_set(err, EXIT_SYSTEM, "no memory to compare the captures");
		return EXIT_SYSTEM;
	}
	return 0;
}

/* --- what a receiver says of itself ---------------------------------------------------------- */

/* The machine's addresses, among the words of its note. */
static void read_addresses(const char *text, struct pair_capture *c)
{
	char word[ADDR_TEXT_BYTES + 4];
	while (*text) {
		size_t n = strcspn(text, " ,;");
		if (n > 0 && n < sizeof(word) && c->own_n < PAIRS_OWN_MAX) {
			memcpy(word, text, n);
			word[n] = '\0';
			/* The one prefix among them is the client's. */
			if (strchr(word, '/'))
				(void)prefix_parse(word, &c->from);
			else
				c->own_n += addr_parse(word, &c->own[c->own_n]);
		}
		text += n + strspn(text + n, " ,;");
	}
}

static void use_facts(const struct trace *t, const struct record *record, struct pair_capture *c)
{
	c->clock_known = record->found && record->about.clock.known;
	c->clock_good = record->about.clock.synchronised;
	for (size_t i = 0; i < t->notes_n; i++) {
		if (strcmp(t->notes[i].kind, "receiver") != 0)
			continue;
		c->receiver = true;
		c->first_ns = t->run.started_ns;
		if (!c->cut)
			c->last_ns = t->run.ended_ns;
		read_addresses(t->notes[i].text, c);
	}
	for (size_t i = 0; i < t->counters_n && c->ports_n < TRACE_PORTS_MAX; i++) {
		if (strcmp(t->counters[i].name, "receiver-port") == 0)
			c->ports[c->ports_n++] = (uint16_t)t->counters[i].value;
	}
}

static void read_facts(struct captures *captures, struct pair_capture *c)
{
	const char *text;
	struct trace t;
	struct record record = {0};
	struct err err = {0};
	if (source_facts(captures_source(captures, 0), &text) != SOURCE_FACTS_WHOLE)
		return;
	json_t *facts = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	trace_init(&t);
	if (facts && facts_decode(facts, &t, &err) == 0 && record_decode(facts, &record))
		use_facts(&t, &record, c);
	record_free(&record);
	trace_free(&t);
	json_decref(facts);
}

/* Whether the client's address is known to be among those that were waited for. */
static bool waited_for(const struct loaded *loaded, const struct prefix *from)
{
	const struct trace *t = &loaded->trace;
	const struct about *about = &loaded->record.about;
	for (size_t i = 0; i < t->servers_n; i++) {
		if (addr_is_set(&t->servers[i].client) &&
		    prefix_contains(from, &t->servers[i].client))
			return true;
	}
	for (size_t i = 0; i < about->public_n; i++) {
		if (prefix_contains(from, &about->public[i].addr))
			return true;
	}
	return false;
}

/* --- the captures ---------------------------------------------------------------------------- */

static struct captures *open_capture(struct gathering *g, const char *const *path, struct err *err)
{
	struct captures_watch watch = progress_watch(&g->progress);
	struct captures *captures = captures_open(path, 1, &watch, err);
	progress_end(&g->progress);
	return captures;
}

static void tell_cut(const struct gathering *g, const struct captures *captures)
{
	const char *cut = captures_cut(captures, 0);
	if (cut)
		log_note(g->log, "%s", cut);
}

static int read_client(struct gathering *g, const char *const *path)
{
	struct err err = {0};
	struct loaded *loaded = g->loaded;
	struct captures *captures = open_capture(g, path, &err);
	int status = captures ? reading_fill(captures, loaded, &err) : err.code;
	const struct trace *t = &loaded->trace;
	for (size_t i = loaded->notes_from; i < t->notes_n && status == 0; i++)
		log_note(g->log, "%s", t->notes[i].text);
	if (status == 0 && captures_rewind(captures, &err) != 0)
		status = err.code;
	if (status == 0)
		status = take_frames(g, captures, 0, loaded->overlays, &err);
	captures_close(captures);
	return status == 0 ? 0 : fail(g, &err);
}

static int read_other(struct gathering *g, const char *const *path, uint8_t index)
{
	struct err err = {0};
	struct pair_capture *c = &g->pairs->captures[index];
	struct captures *captures = open_capture(g, path, &err);
	struct source_counts counts;
	int status = captures ? take_frames(g, captures, index, false, &err) : err.code;
	if (status == 0 && !c->has_tcp && c->overlays) {
		*c = (struct pair_capture){0};
		status = captures_rewind(captures, &err) == 0
				 ? take_frames(g, captures, index, true, &err)
				 : err.code;
	}
	if (status == 0) {
		read_facts(captures, c);
		c->expects = waited_for(g->loaded, &c->from);
		if (source_counts(captures_source(captures, 0), &counts))
			c->dropped = counts.dropped;
		tell_cut(g, captures);
	}
	if (status == 0 && !c->has_tcp && !c->receiver)
		status = err_set(&err, EXIT_INPUT, "'%s' holds no TCP attempt and no answer to one",
				 captures_name(captures, 0)) == 0
				 ? 0
				 : EXIT_INPUT;
	captures_close(captures);
	return status == 0 ? 0 : fail(g, &err);
}

int gather_captures(const struct options *o, struct log *log, struct loaded *loaded,
		    struct pairs *out)
{
	struct gathering g = {.log = log, .loaded = loaded, .pairs = out, .progress.log = log};
	int status = 0;
	*loaded = (struct loaded){.o = *o, .file = o->files[0], .log = log};
	trace_init(&loaded->trace);
	if (!pairs_init(out)) {
		log_error(log, "no memory to compare the captures");
		return EXIT_SYSTEM;
	}
	for (size_t i = 0; i < o->files_n && status == 0; i++)
		status = verify(&g, o->files[i]);
	for (size_t i = 0; i < o->files_n && status == 0; i++) {
		out->captures_n = i + 1;
		status = i == 0 ? read_client(&g, &o->files[0])
				: read_other(&g, &o->files[i], (uint8_t)i);
	}
	return status;
}
