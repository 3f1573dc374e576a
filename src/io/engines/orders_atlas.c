/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/engines/orders.h"
#include "io/engines/orders_json.h"
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGE	       100
#define FIELDS	       "id,asn_v4,asn_v6,prefix_v4,prefix_v6,country_code,is_anchor,tags"
#define CREDITS_PACKET 20 /* of one packet of a traceroute that is ordered once */
#define TRACE_PACKETS  3
#define HOPS_MAX       32
#define FULL_TTL       64
#define TIMEOUT_MS     2000

static json_t *load(const struct text *answer)
{
	return json_loadb(text_str(answer), answer->len, 0, NULL);
}

void atlas_probes_path(uint8_t family, uint32_t asn, const char *country, struct text *out)
{
	unsigned v = family == 6 ? 6 : 4;
	text_addf(out,
		  "/api/v2/probes/?status=1&tags=system-ipv%u-works&page_size=%d&fields=" FIELDS, v,
		  PAGE);
	if (asn)
		text_addf(out, "&asn_v%u=%u", v, asn);
	if (country && *country)
		text_addf(out, "&country_code=%.2s", country);
}

void atlas_known_path(const int64_t *ids, size_t n, struct text *out)
{
	text_addf(out, "/api/v2/probes/?page_size=%d&fields=" FIELDS "&id__in=", PAGE);
	for (size_t i = 0; i < n; i++)
		text_addf(out, "%s%lld", i ? "," : "", (long long)ids[i]);
}

/* The probe as the list has it; false when it lacks what is needed. */
static bool read_probe(const json_t *object, uint8_t family, struct ordered_probe *out)
{
	const json_t *asn = json_object_get(object, family == 6 ? "asn_v6" : "asn_v4");
	const char *prefix =
		json_string_value(json_object_get(object, family == 6 ? "prefix_v6" : "prefix_v4"));
	const char *country = json_string_value(json_object_get(object, "country_code"));
	*out = (struct ordered_probe){.id = json_integer_value(json_object_get(object, "id"))};
	if (json_is_integer(asn) && json_integer_value(asn) > 0 &&
	    json_integer_value(asn) <= UINT32_MAX)
		out->asn = (uint32_t)json_integer_value(asn);
	snprintf(out->prefix, sizeof(out->prefix), "%s", prefix ? prefix : "");
	if (country && strlen(country) == 2 && country[0] >= 'A' && country[0] <= 'Z' &&
	    country[1] >= 'A' && country[1] <= 'Z')
		snprintf(out->country, sizeof(out->country), "%s", country);
	return out->id > 0 && out->asn != 0;
}

/* Whether the order has a probe that would tell the same. */
static bool is_chosen(const struct order *order, const struct ordered_probe *probe, bool other)
{
	for (size_t i = 0; i < order->probes_n; i++) {
		const struct ordered_probe *p = &order->probes[i];
		bool same_prefix = *p->prefix && strcmp(p->prefix, probe->prefix) == 0;
		if (p->id == probe->id || (other ? p->asn == probe->asn : same_prefix))
			return true;
	}
	return false;
}

bool atlas_choose(const struct text *answer, uint8_t family, bool other, size_t most,
		  struct order *order)
{
	json_t *page = load(answer);
	const json_t *list = json_object_get(page, "results"), *item;
	bool good = json_is_array(list);
	size_t i;
	json_array_foreach(list, i, item)
	{
		struct ordered_probe probe;
		if (most == 0 || order->probes_n == ORDERS_PROBES_MAX)
			break;
		if (!read_probe(item, family, &probe) || (probe.asn == order->asn) == other ||
		    is_chosen(order, &probe, other))
			continue;
		order->probes[order->probes_n++] = probe;
		most--;
	}
	json_decref(page);
	return good;
}

/* One traceroute of one server. */
static json_t *definition(const struct ordered_server *server, uint16_t port, bool full)
{
	char addr[ADDR_TEXT_BYTES], text[64];
	snprintf(text, sizeof(text), "whoblocks: TCP %u%s", port, full ? ", full TTL" : "");
	return json_pack("{s:s, s:i, s:s, s:s, s:s, s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:b}",
			 "type", "traceroute", "af", (int)server->addr.family, "target",
			 addr_text(&server->addr, addr), "description", text, "protocol", "TCP",
			 "port", (int)port, "packets", full ? 1 : TRACE_PACKETS, "size", 0,
			 "first_hop", full ? FULL_TTL : 1, "max_hops", full ? FULL_TTL : HOPS_MAX,
			 "paris", 16, "response_timeout", TIMEOUT_MS, "resolve_on_probe", 0);
}

static json_t *definitions(const struct order *order)
{
	json_t *list = json_array();
	for (size_t i = 0; i < order->servers_n; i++) {
		const struct ordered_server *s = &order->servers[i];
		(void)json_array_append_new(list, definition(s, order->port, false));
		(void)json_array_append_new(list, definition(s, s->control, false));
		(void)json_array_append_new(list, definition(s, order->port, true));
	}
	return list;
}

void atlas_body(const struct order *order, struct text *out)
{
	struct text ids = {0};
	for (size_t i = 0; i < order->probes_n; i++)
		text_addf(&ids, "%s%lld", i ? "," : "", (long long)order->probes[i].id);
	json_t *probes = json_pack("[{s:s, s:s, s:i}]", "type", "probes", "value", text_str(&ids),
				   "requested", (int)order->probes_n);
	orders_add_json(json_pack("{s:o, s:o, s:b}", "definitions", definitions(order), "probes",
				  probes, "is_oneoff", 1),
			out);
	out->failed = out->failed || ids.failed;
	text_free(&ids);
}

uint32_t atlas_price(const struct order *order)
{
	size_t packets = 2 * TRACE_PACKETS + 1;
	return (uint32_t)(order->servers_n * order->probes_n * packets * CREDITS_PACKET);
}

bool atlas_created(const struct text *answer, struct ordered_ids *out)
{
	json_t *object = load(answer);
	const json_t *list = json_object_get(object, "measurements"), *item;
	size_t i;
	out->n = 0;
	json_array_foreach(list, i, item)
	{
		if (json_is_integer(item) && json_integer_value(item) > 0 &&
		    out->n < ORDERS_IDS_MAX)
			snprintf(out->id[out->n++], ORDERS_ID_BYTES, "%lld",
				 (long long)json_integer_value(item));
	}
	json_decref(object);
	return out->n > 0;
}

bool atlas_progress(const struct text *answer, struct atlas_progress *out)
{
	static const char *const ended[] = {"Stopped", "Forced to stop", "Archived"};
	static const char *const hopeless[] = {"No suitable probes", "Failed"};
	json_t *object = load(answer);
	const char *status =
		json_string_value(json_object_get(json_object_get(object, "status"), "name"));
	json_int_t wanted = json_integer_value(json_object_get(object, "participant_count"));
	json_int_t credits = json_integer_value(json_object_get(object, "credits_per_result"));
	bool good = json_is_integer(json_object_get(object, "id"));
	*out = (struct atlas_progress){0};
	snprintf(out->status, sizeof(out->status), "%s", status ? status : "");
	out->wanted = wanted > 0 && wanted < 100000 ? (uint32_t)wanted : 0;
	out->credits = credits > 0 && credits < 100000 ? (uint32_t)credits : 0;
	for (size_t i = 0; i < sizeof(ended) / sizeof(ended[0]); i++)
		out->ended = out->ended || strcmp(out->status, ended[i]) == 0;
	for (size_t i = 0; i < sizeof(hopeless) / sizeof(hopeless[0]); i++)
		out->hopeless = out->hopeless || strcmp(out->status, hopeless[i]) == 0;
	json_decref(object);
	return good;
}

size_t atlas_results(const struct text *answer, int64_t *probes, size_t *probes_n, size_t most)
{
	const char *line = text_str(answer);
	size_t n = 0;
	while (*line) {
		size_t len = strcspn(line, "\n");
		json_t *object = json_loadb(line, len, 0, NULL);
		json_int_t id = json_integer_value(json_object_get(object, "prb_id"));
		bool known = id <= 0;
		for (size_t i = 0; i < *probes_n; i++)
			known = known || probes[i] == id;
		if (!known && *probes_n < most)
			probes[(*probes_n)++] = id;
		n += json_is_object(object);
		json_decref(object);
		line += len + (line[len] == '\n');
	}
	return n;
}
