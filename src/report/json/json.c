/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/json/compare.h"
#include "report/json/outside.h"
#include "report/json/run.h"
#include "report/json/server.h"
#include "report/json/value.h"
#include "report/page/phrase.h"
#include "report/report.h"
#include <string.h>

#define SCHEMA_NAME "whoblocks/1"

/* Rounded numbers come out as short as they are, never as 0.98999999999999999. */
#define REAL_DIGITS 15

#define INDENT 2

static json_t *tool_of(struct value_maker *m)
{
	json_t *object = json_object();

	value_set(m, object, "name", json_string("whoblocks"));
	value_set(m, object, "version", json_string(WHOBLOCKS_VERSION));
	return object;
}

/* An index of trace.servers as the index of the result's `servers`; null for all. */
static json_t *server_index(const struct result *r, uint32_t server)
{
	for (size_t i = 0; i < r->findings_n && server != TRACE_NONE; i++) {
		if (r->findings[i].server == server)
			return json_integer((json_int_t)i);
	}
	return json_null();
}

static json_t *reason_of(struct value_maker *m, const struct result *r, const struct reason *reason)
{
	json_t *object = json_object(), *packets = json_array();

	for (size_t i = 0; i < reason->packets_n; i++) {
		json_t *packet = json_object();

		value_set(m, packet, "file", json_integer(reason->packets[i].file));
		value_set(m, packet, "frame", json_integer(reason->packets[i].frame));
		value_append(m, packets, packet);
	}
	value_set(m, object, "rule", value_text(reason->rule));
	value_set(m, object, "text", value_text(reason->text));
	value_set(m, object, "server", server_index(r, reason->server));
	value_set(m, object, "packets", packets);
	return object;
}

/* An advice and its commands in one line: a sentence of the result has no ends of lines. */
static json_t *advice_of(const char *advice)
{
	struct text line = {0};
	json_t *value;

	for (size_t n, i = 0; *advice; advice += n + (advice[n] == '\n'), i++) {
		n = strcspn(advice, "\n");
		text_add(&line, i == 0 ? "" : i == 1 ? " " : "; ");
		text_add_bytes(&line, advice, n);
	}
	value = line.failed ? NULL : value_text(text_str(&line));
	text_free(&line);
	return value;
}

static json_t *verdict_of(struct value_maker *m, const struct result *r)
{
	json_t *object = json_object(), *reasons = json_array(), *next = json_array();
	const struct verdict *v = &r->verdict;

	for (size_t i = 0; i < v->reasons_n; i++)
		value_append(m, reasons, reason_of(m, r, &v->reasons[i]));
	for (size_t i = 0; i < v->next_n; i++)
		value_append(m, next, advice_of(v->next[i]));
	value_judgement(m, object, &v->judgement);
	value_set(m, object, "family", value_text(phrase_family_name(v->family)));
	value_set(m, object, "sentence", value_text(v->sentence ? v->sentence : ""));
	value_set(m, object, "reasons", reasons);
	value_set(m, object, "next", next);
	return object;
}

static json_t *fact_of(struct value_maker *m, const struct result *r, const struct host_fact *f)
{
	json_t *object = json_object();

	value_set(m, object, "kind", json_string(phrase_fact_kind(f->kind)));
	value_set(m, object, "text", value_text(f->text));
	value_set(m, object, "server", server_index(r, f->server));
	value_set(m, object, "port", value_number(f->port, 0));
	value_set(m, object, "errno", value_number(f->error, 0));
	value_set(m, object, "error", value_text(phrase_errno(f->error)));
	value_set(m, object, "user", value_text(f->user));
	value_set(m, object, "rule", value_text(f->rule));
	value_set(m, object, "command", value_text(f->command));
	return object;
}

static json_t *host_of(struct value_maker *m, const struct result *r)
{
	json_t *object = json_object(), *facts = json_array();

	for (size_t i = 0; i < r->facts_n; i++)
		value_append(m, facts, fact_of(m, r, &r->facts[i]));
	value_set(m, object, "facts", facts);
	return object;
}

/* Where jansson's chunks go: the text, and how far what stands inside another value is indented. */
struct dumping {
	struct text *out;
	size_t indent;
};

/* A line break is never inside a string: there it is escaped. */
static int add_chunk(const char *s, size_t n, void *data)
{
	const struct dumping *to = data;
	const char *end = s + n, *line;

	while (to->indent && (line = memchr(s, '\n', (size_t)(end - s))) != NULL) {
		text_add_bytes(to->out, s, (size_t)(line + 1 - s));
		text_add_spaces(to->out, to->indent);
		s = line + 1;
	}
	text_add_bytes(to->out, s, (size_t)(end - s));
	return to->out->failed ? -1 : 0;
}

/* Appends a value whose own lines stand `indent` spaces further in; NULL counts as no memory. */
static void dump(const struct json_t *json, size_t form, size_t indent, struct text *out)
{
	const size_t flags = form | JSON_ENCODE_ANY | JSON_REAL_PRECISION(REAL_DIGITS);
	struct dumping to = {out, indent};

	if (!json || json_dump_callback(json, add_chunk, &to, flags) != 0)
		out->failed = true;
}

void report_json_text(const struct json_t *json, struct text *out)
{
	dump(json, JSON_INDENT(INDENT), 0, out);
	text_add(out, "\n");
}

void report_json_line(const struct json_t *json, struct text *out)
{
	dump(json, JSON_COMPACT, 0, out);
	text_add(out, "\n");
}

/*
 * The result is written member by member and server by server, as jansson would write the whole:
 * of thousands of servers, one at a time is a tree.
 */
struct writer {
	struct value_maker made;
	struct text *out;
	bool line;
};

/* What stands before a member or an item: a comma after another one, and its own line. */
static void begin(const struct writer *w, bool first, size_t depth)
{
	if (!first)
		text_add(w->out, ",");
	if (w->line)
		return;
	text_add(w->out, "\n");
	text_add_spaces(w->out, depth * INDENT);
}

/* Takes the reference. */
static void put(const struct writer *w, json_t *value, size_t depth)
{
	if (w->line)
		dump(value, JSON_COMPACT, 0, w->out);
	else
		dump(value, JSON_INDENT(INDENT), depth * INDENT, w->out);
	json_decref(value);
}

static void put_key(const struct writer *w, bool first, const char *key)
{
	begin(w, first, 1);
	text_addf(w->out, w->line ? "\"%s\":" : "\"%s\": ", key);
}

/* The members of `object` in their order; takes the reference. */
static void put_members(const struct writer *w, bool first, json_t *object)
{
	const char *key;
	json_t *value;

	json_object_foreach(object, key, value)
	{
		put_key(w, first, key);
		put(w, json_incref(value), 1);
		first = false;
	}
	json_decref(object);
}

static void put_servers(struct writer *w, const struct trace *t, const struct result *r)
{
	put_key(w, false, "servers");
	text_add(w->out, "[");
	for (size_t i = 0; i < r->findings_n; i++) {
		begin(w, i == 0, 2);
		put(w, json_server(&w->made, t, &r->findings[i]), 2);
	}
	if (r->findings_n)
		begin(w, true, 1);
	text_add(w->out, "]");
}

void report_json(const struct run_info *run, const struct trace *t, const struct result *r,
		 bool line, struct text *out)
{
	json_t *before = json_object(), *after = json_object();
	struct writer w = {.out = out, .line = line};

	value_set(&w.made, before, "schema", json_string(SCHEMA_NAME));
	value_set(&w.made, before, "tool", tool_of(&w.made));
	value_set(&w.made, before, "mode", value_text(run->mode));
	value_set(&w.made, before, "run", json_run(&w.made, run, t));
	value_set(&w.made, before, "verdict", verdict_of(&w.made, r));
	value_set(&w.made, after, "host", host_of(&w.made, r));
	if (r->comparison)
		value_set(&w.made, after, "compare", json_compare(&w.made, r->comparison));
	if (run->outside)
		json_outside(&w.made, after, run->outside);
	text_add(out, "{");
	put_members(&w, true, before);
	put_servers(&w, t, r);
	put_members(&w, false, after);
	begin(&w, true, 0);
	text_add(out, "}\n");
	out->failed = out->failed || w.made.failed;
}
