/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/json_server.h"
#include "report/phrase.h"
#include "report/report.h"
#include "report/value.h"

#define SCHEMA_NAME "whoblocks/1"

/* Rounded numbers come out as short as they are, never as 0.98999999999999999. */
#define REAL_DIGITS 15

/* Integers above are not exact in every JSON reader. */
#define SEED_MAX (UINT64_C(1) << 53)

static json_t *text_list(struct value_maker *m, const char *const *items)
{
	json_t *array = json_array();

	for (size_t i = 0; items && items[i]; i++)
		value_append(m, array, value_text(items[i]));
	return array;
}

static bool is_earlier_client(const struct trace *t, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (addr_equal(&t->servers[i].client, &t->servers[n].client))
			return true;
	}
	return false;
}

static json_t *clients_of(struct value_maker *m, const struct trace *t)
{
	json_t *array = json_array();

	for (size_t i = 0; i < t->servers_n; i++) {
		if (addr_is_set(&t->servers[i].client) && !is_earlier_client(t, i))
			value_append(m, array, value_addr(&t->servers[i].client));
	}
	return array;
}

static json_t *capture_of(struct value_maker *m, const struct run_info *run)
{
	json_t *object;

	if (!run->capture_file)
		return json_null();
	object = json_object();
	value_set(m, object, "file", value_text(run->capture_file));
	value_set(m, object, "sha256", value_text(run->capture_sha256));
	return object;
}

static json_t *tool_of(struct value_maker *m)
{
	json_t *object = json_object();

	value_set(m, object, "name", json_string("whoblocks"));
	value_set(m, object, "version", json_string(WHOBLOCKS_VERSION));
	return object;
}

static json_t *started_of(const struct run_info *run)
{
	char buf[PHRASE_TIME_BYTES];

	return run->started_ns > 0 ? json_string(phrase_time(run->started_ns, buf)) : json_null();
}

static json_t *run_of(struct value_maker *m, const struct run_info *run, const struct trace *t)
{
	bool has_seed = run->has_seed && run->seed < SEED_MAX;
	json_t *object = json_object();

	value_set(m, object, "started", started_of(run));
	value_set(m, object, "duration_ms", value_ms((double)run->duration_ns / 1e6));
	value_set(m, object, "stop", value_text(phrase_stop_name(run->stop)));
	value_set(m, object, "seed", has_seed ? json_integer((json_int_t)run->seed) : json_null());
	value_set(m, object, "argv", text_list(m, run->argv));
	value_set(m, object, "port", value_number(t->run.port, 0));
	value_set(m, object, "interface", value_text(run->interface));
	value_set(m, object, "client", clients_of(m, t));
	value_set(m, object, "packets_sent", json_integer((json_int_t)run->packets_sent));
	value_set(m, object, "packets_seen", json_integer((json_int_t)run->packets_seen));
	value_set(m, object, "capture_dropped", json_integer((json_int_t)run->capture_dropped));
	value_set(m, object, "lookups", text_list(m, run->lookups));
	value_set(m, object, "rounds", json_integer(run->rounds));
	value_set(m, object, "capture", capture_of(m, run));
	value_set(m, object, "clock", json_null());
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
	value_set(&m, object, "run", run_of(&m, run, t));
	value_set(&m, object, "verdict", verdict_of(&m, r));
	value_set(&m, object, "servers", servers);
	value_set(&m, object, "host", host_of(&m, r));
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

void report_json_text(const struct json_t *json, struct text *out)
{
	const size_t flags = JSON_INDENT(2) | JSON_REAL_PRECISION(REAL_DIGITS);

	if (!json || json_dump_callback(json, add_chunk, out, flags) != 0)
		out->failed = true;
	text_add(out, "\n");
}
