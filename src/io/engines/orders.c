/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/engines/orders.h"
#include "io/engines/orders_json.h"
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FAULTS_MAX 5
#define TAG	   "eyeball-network"
#define PINGS	   3

bool ids_parse(const char *text, struct ordered_ids *out)
{
	static const char fit[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
	out->n = 0;
	while (*text) {
		size_t n = strspn(text, fit);
		if (n == 0 || n >= ORDERS_ID_BYTES || out->n == ORDERS_IDS_MAX ||
		    (text[n] != ',' && text[n] != '\0'))
			return false;
		snprintf(out->id[out->n++], ORDERS_ID_BYTES, "%.*s", (int)n, text);
		text += n + (text[n] == ',');
	}
	return out->n > 0;
}

void ids_text(const struct ordered_ids *ids, struct text *out)
{
	for (size_t i = 0; i < ids->n; i++)
		text_addf(out, "%s%s", i ? "," : "", ids->id[i]);
}

/* --- Globalping ------------------------------------------------------------------------------ */

/* Whom to ask: probes of the provider's network, and others in homes of the same country. */
static json_t *locations(const struct order *order)
{
	json_t *list = json_array();
	json_t *others = json_pack("{s:[s], s:i}", "tags", TAG, "limit", (int)order->other);
	if (order->country && *order->country)
		(void)json_object_set_new(others, "country", json_string(order->country));
	if (order->asn && order->same)
		(void)json_array_append_new(list,
					    json_pack("{s:I, s:i}", "asn", (json_int_t)order->asn,
						      "limit", (int)order->same));
	if (order->other)
		(void)json_array_append_new(list, others);
	else
		json_decref(others);
	return list;
}

void orders_add_json(json_t *value, struct text *out)
{
	char *text = value ? json_dumps(value, JSON_COMPACT) : NULL;
	if (text)
		text_add(out, text);
	else
		out->failed = true;
	free(text);
	json_decref(value);
}

void globalping_body(const struct order *order, size_t server, enum globalping_kind kind,
		     const char *like, struct text *out)
{
	const struct ordered_server *s = &order->servers[server];
	char addr[ADDR_TEXT_BYTES];
	bool ping = kind == GLOBALPING_PING;
	json_t *options =
		json_pack("{s:s, s:i}", "protocol", "TCP", "port",
			  kind == GLOBALPING_CONTROL ? (int)s->control : (int)order->port);
	if (ping)
		(void)json_object_set_new(options, "packets", json_integer(PINGS));
	json_t *body = json_pack("{s:s, s:s, s:o, s:o}", "type", ping ? "ping" : "traceroute",
				 "target", addr_text(&s->addr, addr), "measurementOptions", options,
				 "locations", like ? json_string(like) : locations(order));
	orders_add_json(body, out);
}

bool globalping_created(const struct text *answer, struct ordered_ids *out)
{
	json_t *object = json_loadb(text_str(answer), answer->len, 0, NULL);
	const char *id = json_string_value(json_object_get(object, "id"));
	struct ordered_ids one;
	bool good = id && ids_parse(id, &one) && one.n == 1 && out->n < ORDERS_IDS_MAX;
	if (good)
		memcpy(out->id[out->n++], one.id[0], ORDERS_ID_BYTES);
	json_decref(object);
	return good;
}

bool globalping_goes_on(const struct text *answer, bool *object)
{
	json_t *value = json_loadb(text_str(answer), answer->len, 0, NULL);
	const char *status = json_string_value(json_object_get(value, "status"));
	bool on = status && strcmp(status, "in-progress") == 0;
	*object = json_is_array(json_object_get(value, "results"));
	json_decref(value);
	return on;
}

/* --- both ------------------------------------------------------------------------------------ */

static void add_untrusted(struct text *out, const char *s)
{
	size_t n = s ? strlen(s) : 0;
	text_add_untrusted(out, s ? s : "", n < 300 ? n : 300);
}

/* Globalping names the faulty members as an object: "params": {"target": "..."}. */
static size_t tell_members(json_t *members, struct text *out)
{
	const char *key;
	json_t *value;
	size_t n = 0;
	json_object_foreach(members, key, value)
	{
		if (!json_is_string(value) || n == FAULTS_MAX)
			continue;
		text_add(out, n++ ? "; " : "");
		add_untrusted(out, key);
		text_add(out, ": ");
		add_untrusted(out, json_string_value(value));
	}
	return n;
}

static size_t tell_faults(const json_t *faults, struct text *out)
{
	const json_t *fault;
	size_t i, n = 0;
	json_array_foreach(faults, i, fault)
	{
		const char *detail = json_string_value(json_object_get(fault, "detail"));
		const char *pointer = json_string_value(
			json_object_get(json_object_get(fault, "source"), "pointer"));
		if (!detail || n == FAULTS_MAX)
			continue;
		text_add(out, n++ ? "; " : "");
		if (pointer) {
			add_untrusted(out, pointer);
			text_add(out, ": ");
		}
		add_untrusted(out, detail);
	}
	return n;
}

void engine_complaint(const struct text *answer, struct text *out)
{
	json_t *object = json_loadb(text_str(answer), answer->len, 0, NULL);
	const json_t *error = json_object_get(object, "error");
	static const char *const keys[] = {"detail", "message", "title", "type"};
	size_t told = tell_faults(json_object_get(error, "errors"), out);
	if (told == 0)
		told = tell_members(json_object_get(error, "params"), out);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]) && told == 0; i++) {
		const char *text = json_string_value(json_object_get(error, keys[i]));
		told = text != NULL;
		add_untrusted(out, text);
	}
	if (told == 0)
		text_add(out, object ? "it does not say why" : "its answer is no JSON");
	json_decref(object);
}
