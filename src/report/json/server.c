/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/json/server.h"
#include "infer/scene/owners.h"
#include "report/json/smtp.h"
#include "report/page/phrase.h"

static json_t *asn_of(uint32_t asn)
{
	return value_number(asn, 0);
}

static json_t *reply_of(struct value_maker *m, const struct target_reply *r)
{
	json_t *object = json_object();

	value_set(m, object, "kind", value_text(r->kind ? r->kind : "none"));
	value_set(m, object, "from", value_addr(&r->from));
	value_set(m, object, "ttl", value_number(r->ttl, -1));
	value_set(m, object, "first_ttl", value_number(r->first_ttl, -1));
	value_set(m, object, "icmp_type", value_number(r->icmp_type, -1));
	value_set(m, object, "icmp_code", value_number(r->icmp_code, -1));
	value_set(m, object, "quoted_ttl", value_number(r->quoted_ttl, -1));
	value_set(m, object, "rtt_ms", value_ms(r->rtt_ms));
	return object;
}

static json_t *answers_of(struct value_maker *m, const struct hop_lane *lane)
{
	json_t *array = json_array();

	for (size_t i = 0; i < lane->answers_n; i++) {
		const struct hop_answer *a = &lane->answers[i];
		json_t *object = json_object();

		value_set(m, object, "address", value_addr(&a->addr));
		value_set(m, object, "name", value_text(a->name));
		value_set(m, object, "asn", asn_of(a->asn));
		value_set(m, object, "owner", value_text(a->owner));
		value_set(m, object, "rtt_ms", value_ms(a->rtt_ms));
		value_set(m, object, "answered", json_integer(a->answered));
		value_append(m, array, object);
	}
	return array;
}

static json_t *count_of(struct value_maker *m, const struct hop_lane *lane)
{
	json_t *object = json_object();

	value_set(m, object, "sent", json_integer(lane->sent));
	value_set(m, object, "expired", json_integer(lane->expired));
	value_set(m, object, "ended", json_integer(lane->terminal));
	return object;
}

/* The role is the one owner that is possible, when only one is. */
static json_t *role_of(uint8_t owners)
{
	for (int i = 0; i < SEGMENT_COUNT; i++) {
		if (owners == 1u << i)
			return json_string(segment_name((enum segment)i));
	}
	return json_null();
}

static json_t *roles_of(struct value_maker *m, uint8_t owners)
{
	json_t *array = json_array();

	for (int i = 0; i < SEGMENT_COUNT; i++) {
		if (owners & 1u << i)
			value_append(m, array, json_string(segment_name((enum segment)i)));
	}
	return array;
}

static json_t *hops_of(struct value_maker *m, const struct finding *f)
{
	json_t *array = json_array();

	for (size_t i = 0; i < f->hops_n; i++) {
		const struct hop_row *row = &f->hops[i];
		json_t *object = json_object();

		value_set(m, object, "hop", json_integer(row->hop));
		value_set(m, object, "control", answers_of(m, &row->control));
		value_set(m, object, "target", answers_of(m, &row->target));
		value_set(m, object, "role", role_of(row->owners));
		value_set(m, object, "roles", roles_of(m, row->owners));
		value_set(m, object, "role_by", value_text(row->owned_by));
		value_set(m, object, "control_probes", count_of(m, &row->control));
		value_set(m, object, "target_probes", count_of(m, &row->target));
		value_set(m, object, "server", json_boolean(row->is_server));
		value_append(m, array, object);
	}
	return array;
}

static json_t *ports_of(struct value_maker *m, const struct finding *f)
{
	json_t *array = json_array();

	for (size_t i = 0; i < f->ports_n; i++) {
		const struct port_row *row = &f->ports[i];
		json_t *object = json_object();

		value_set(m, object, "port", json_integer(row->port));
		value_set(m, object, "state", json_string(port_state_name(row->state)));
		value_set(m, object, "target", json_boolean(row->is_target));
		value_set(m, object, "control", json_boolean(row->is_control));
		value_set(m, object, "sent", json_integer(row->sent));
		value_set(m, object, "answered", json_integer(row->answered));
		value_set(m, object, "rtt_ms", value_ms(row->rtt_ms));
		value_append(m, array, object);
	}
	return array;
}

static json_t *distance_of(struct value_maker *m, const struct finding *f)
{
	json_t *object = json_object();

	value_set(m, object, "control", value_number(f->distance_control, -1));
	value_set(m, object, "target", value_number(f->distance_target, -1));
	return object;
}

json_t *json_server(struct value_maker *m, const struct trace *t, const struct finding *f)
{
	const struct server *server = &t->servers[f->server];
	json_t *object = json_object();
	char buf[ADDR_TEXT_BYTES];

	value_set(m, object, "host", value_text(phrase_host(server, buf)));
	value_set(m, object, "address", value_addr(&server->addr));
	value_set(m, object, "family", value_text(phrase_family_name(server->addr.family)));
	value_set(m, object, "asn",
		  asn_of(server->asn ? server->asn : roles_server_asn(t, server)));
	value_set(m, object, "operator", value_text(server->owner));
	value_set(m, object, "port", json_integer(server->port));
	value_set(m, object, "control", value_number(f->control, 0));
	value_set(m, object, "layer", json_string(layer_name(f->layer)));
	value_judgement(m, object, &f->judgement);
	value_set(m, object, "distance", distance_of(m, f));
	value_set(m, object, "reply", reply_of(m, &f->reply));
	value_set(m, object, "hops", hops_of(m, f));
	value_set(m, object, "ports", ports_of(m, f));
	value_set(m, object, "smtp", json_smtp(m, t, f));
	value_set(m, object, "sentence", value_text(f->sentence));
	value_set(m, object, "client", value_addr(&server->client));
	value_set(m, object, "listed", json_boolean(server->listed));
	value_set(m, object, "reference", json_boolean(server->reference));
	value_set(m, object, "votes", json_boolean(f->votes));
	return object;
}
