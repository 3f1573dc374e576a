/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/json/compare.h"
#include "report/json/outside.h"
#include "report/json/run.h"
#include "report/json/server.h"
#include "report/json/value.h"
#include "report/page/phrase.h"
#include "report/report.h"

#define SCHEMA_NAME "whoblocks/1"

/* Rounded numbers come out as short as they are, never as 0.98999999999999999. */
#define REAL_DIGITS 15

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

static json_t *verdict_of(struct value_maker *m, const struct result *r)
{
	json_t *object = json_object(), *reasons = json_array(), *next = json_array();
	const struct verdict *v = &r->verdict;

	for (size_t i = 0; i < v->reasons_n; i++)
		value_append(m, reasons, reason_of(m, r, &v->reasons[i]));
	for (size_t i = 0; i < v->next_n; i++)
		value_append(m, next, value_text(v->next[i]));
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

struct json_t *report_json(const struct run_info *run, const struct trace *t,
			   const struct result *r)
{
	json_t *object = json_object(), *servers = json_array();
	struct value_maker m = {0};

	for (size_t i = 0; i < r->findings_n; i++)
		value_append(&m, servers, json_server(&m, t, &r->findings[i]));
	value_set(&m, object, "schema", json_string(SCHEMA_NAME));
	value_set(&m, object, "tool", tool_of(&m));
	value_set(&m, object, "mode", value_text(run->mode));
	value_set(&m, object, "run", json_run(&m, run, t));
	value_set(&m, object, "verdict", verdict_of(&m, r));
	value_set(&m, object, "servers", servers);
	value_set(&m, object, "host", host_of(&m, r));
	if (r->comparison)
		value_set(&m, object, "compare", json_compare(&m, r->comparison));
	if (run->outside)
		json_outside(&m, object, run->outside);
	if (m.failed) {
		json_decref(object);
		return NULL;
	}
	return object;
}

static int add_chunk(const char *s, size_t n, void *data)
{
	struct text *out = data;

	text_add_bytes(out, s, n);
	return out->failed ? -1 : 0;
}

static void dump(const struct json_t *json, size_t form, struct text *out)
{
	const size_t flags = form | JSON_REAL_PRECISION(REAL_DIGITS);

	if (!json || json_dump_callback(json, add_chunk, out, flags) != 0)
		out->failed = true;
	text_add(out, "\n");
}

void report_json_text(const struct json_t *json, struct text *out)
{
	dump(json, JSON_INDENT(2), out);
}

void report_json_line(const struct json_t *json, struct text *out)
{
	dump(json, JSON_COMPACT, out);
}
