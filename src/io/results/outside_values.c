/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/results/outside_values.h"
#include "base/array.h"
#include "io/host/status.h"
#include <stdlib.h>
#include <string.h>

#define TIMEOUT_MS     1000 /* what the probe takes where nobody says */
#define FIRST_HOP      1
#define MAX_HOPS       32
#define TIMEOUT_MS_MAX 60000

json_int_t outside_number(const json_t *object, const char *key, json_int_t least, json_int_t most,
			  json_int_t none)
{
	const json_t *value = json_object_get(object, key);
	json_int_t n = json_is_integer(value) ? json_integer_value(value) : none;
	return n >= least && n <= most ? n : none;
}

/* The type of a measurement: a word, or in older objects an object with its name. */
static const char *type_of(const json_t *value)
{
	const json_t *type = json_object_get(value, "type");
	return json_string_value(json_is_object(type) ? json_object_get(type, "name") : type);
}

static bool is_result(const json_t *value)
{
	return json_is_array(json_object_get(value, "result")) &&
	       (json_object_get(value, "proto") || json_object_get(value, "prb_id"));
}

static bool is_order(const json_t *value)
{
	const char *type = type_of(value);
	return type && strcmp(type, "traceroute") == 0 &&
	       json_is_integer(json_object_get(value, "id")) && json_object_get(value, "port");
}

static bool is_probe(const json_t *value)
{
	return json_is_integer(json_object_get(value, "id")) &&
	       (json_object_get(value, "asn_v4") || json_object_get(value, "asn_v6"));
}

static bool is_globalping(const json_t *value)
{
	const json_t *first = json_array_get(json_object_get(value, "results"), 0);
	return json_is_string(json_object_get(value, "id")) &&
	       json_is_object(json_object_get(first, "probe"));
}

static int add_order(struct outside_values *v, const json_t *value)
{
	if (!array_reserve(&v->orders, &v->orders_cap, v->orders_n + 1, sizeof(*v->orders)))
		return -1;
	v->orders[v->orders_n++] = (struct atlas_order){
		.id = json_integer_value(json_object_get(value, "id")),
		.port = (uint16_t)outside_number(value, "port", 1, UINT16_MAX, 0),
		.first_hop = (int)outside_number(value, "first_hop", 1, 255, FIRST_HOP),
		.max_hops = (int)outside_number(value, "max_hops", 1, 255, MAX_HOPS),
		.timeout_ms = (int)outside_number(value, "response_timeout", 1, TIMEOUT_MS_MAX,
						  TIMEOUT_MS),
	};
	return 0;
}

/* Sorts one value in; arrays and pages of probes by their items, once. -1: no memory. */
static int sort_in(struct outside_values *v, json_t *value, bool inside)
{
	const json_t *list = json_is_array(value) ? value : json_object_get(value, "results");
	json_t *item;
	size_t i;
	int status = 0;
	if (is_result(value))
		return json_array_append(v->results, value);
	if (is_globalping(value))
		return json_array_append(v->pings, value);
	if (is_order(value))
		return add_order(v, value);
	if (is_probe(value))
		return json_array_append(v->probes, value);
	if (!inside && json_is_string(json_object_get(value, "whoblocks"))) {
		v->head = value;
		return 0;
	}
	if (inside || !json_is_array(list)) {
		v->strangers++;
		return 0;
	}
	json_array_foreach(list, i, item)
	{
		if (status == 0)
			status = sort_in(v, item, true);
	}
	return status;
}

/* The next value of the text; NULL at its end, or (*broken) where it is none. */
static json_t *next_value(const char *text, size_t len, size_t *at, bool *broken)
{
	json_error_t why;
	while (*at < len && strchr(" \t\r\n", text[*at]) && text[*at] != '\0')
		(*at)++;
	if (*at == len)
		return NULL;
	json_t *value = json_loadb(text + *at, len - *at, JSON_DISABLE_EOF_CHECK, &why);
	*broken = value == NULL;
	if (value)
		*at += (size_t)why.position;
	return value;
}

int outside_values_read(const char *text, size_t len, struct outside_values *out, struct err *err)
{
	size_t at = 0;
	bool broken = false, full = false;
	json_t *value;
	*out = (struct outside_values){
		.documents = json_array(),
		.results = json_array(),
		.probes = json_array(),
		.pings = json_array(),
	};
	bool ok = out->documents && out->results && out->probes && out->pings;
	while (ok && !full && (value = next_value(text, len, &at, &broken)) != NULL) {
		ok = json_array_append_new(out->documents, value) == 0 &&
		     sort_in(out, value, false) == 0;
		full = json_array_size(out->documents) >= OUTSIDE_VALUES_MAX;
	}
	if (!ok)
		return err_set(err, IO_SYSTEM, "no memory for the results from outside");
	out->strangers += broken;
	if (broken && json_array_size(out->documents) == 0)
		return err_set(err, IO_INPUT, "the results from outside are no JSON");
	return 0;
}

void outside_values_free(struct outside_values *v)
{
	json_decref(v->documents);
	json_decref(v->results);
	json_decref(v->probes);
	json_decref(v->pings);
	free(v->orders);
	*v = (struct outside_values){0};
}

const struct atlas_order *outside_values_order(const struct outside_values *v, json_int_t id)
{
	for (size_t i = 0; i < v->orders_n; i++)
		if (v->orders[i].id == id)
			return &v->orders[i];
	return NULL;
}

const json_t *outside_values_probe(const struct outside_values *v, json_int_t id)
{
	const json_t *probe;
	size_t i;
	json_array_foreach(v->probes, i, probe)
	{
		if (json_integer_value(json_object_get(probe, "id")) == id)
			return probe;
	}
	return NULL;
}
