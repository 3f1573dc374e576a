/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/json/outside.h"
#include "report/page/phrase.h"
#include <stdio.h>

static json_t *time_of(int64_t ns)
{
	char buf[PHRASE_TIME_BYTES];

	return ns > 0 ? json_string(phrase_time(ns, buf)) : json_null();
}

static json_t *prefix_of(const struct prefix *prefix)
{
	char addr[ADDR_TEXT_BYTES], text[ADDR_TEXT_BYTES + 4];

	if (!addr_is_set(&prefix->addr))
		return json_null();
	snprintf(text, sizeof(text), "%s/%u", addr_text(&prefix->addr, addr), prefix->len);
	return json_string(text);
}

static json_t *ids_of(struct value_maker *m, const char *const *ids, size_t n)
{
	json_t *array = json_array();

	for (size_t i = 0; i < n; i++)
		value_append(m, array, value_text(ids[i]));
	return array;
}

static const char *fate_name(enum way_fate fate)
{
	return fate == WAY_PASSES ? "passes" : fate == WAY_FAILS ? "fails" : "undecided";
}

/* The routers of a way, in its order. */
static json_t *hops_of(struct value_maker *m, const struct site_way *way)
{
	json_t *array = json_array();

	for (size_t i = 0; i < way->hops_n; i++) {
		json_t *object = json_object();

		value_set(m, object, "hop", json_integer(way->hops[i].hop));
		value_set(m, object, "address", value_addr(&way->hops[i].addr));
		value_set(m, object, "asn", value_number(way->hops[i].asn, 0));
		value_append(m, array, object);
	}
	return array;
}

/* Its way to each server. */
static json_t *ways_of(struct value_maker *m, const struct site *site)
{
	json_t *array = json_array();

	for (size_t i = 0; i < site->ways_n; i++) {
		const struct site_way *way = &site->ways[i];
		json_t *object = json_object();

		value_set(m, object, "server", value_addr(&way->server));
		value_set(m, object, "fate", json_string(fate_name(way->fate)));
		value_set(m, object, "from_hop",
			  way->placed ? json_integer(way->from_hop) : json_null());
		value_set(m, object, "to_hop",
			  way->placed ? json_integer(way->to_hop) : json_null());
		value_set(m, object, "hops", hops_of(m, way));
		value_append(m, array, object);
	}
	return array;
}

static json_t *row_of(struct value_maker *m, const struct outside_row *row, const struct site *site)
{
	const struct vantage *v = row->vantage;
	const struct judgement *j = &row->judgement;
	json_t *object = json_object();

	value_set(m, object, "engine", json_string(vantage_engine_name(v->engine)));
	value_set(m, object, "measurements", ids_of(m, v->ids, v->ids_n));
	value_set(m, object, "probe", value_text(v->probe));
	value_set(m, object, "family", value_text(phrase_family_name(v->family)));
	value_set(m, object, "asn", value_number(row->asn, 0));
	value_set(m, object, "owner", value_text(row->owner));
	value_set(m, object, "prefix", prefix_of(&v->prefix));
	value_set(m, object, "country", value_text(v->country));
	value_set(m, object, "same_network", json_boolean(row->same));
	value_set(m, object, "counted", json_boolean(row->counted));
	value_set(m, object, "fate", json_string(outside_fate_name(row->fate)));
	value_set(m, object, "why", value_text(row->why));
	value_set(m, object, "state", json_string(state_name(j->state)));
	value_set(m, object, "blocker", json_string(blocker_name(j->blocker)));
	value_set(m, object, "mechanism", json_string(mechanism_name(j->mechanism)));
	value_set(m, object, "confidence",
		  j->has_confidence ? value_probability(j->confidence) : json_null());
	value_set(m, object, "link", value_link(m, &j->link));
	value_set(m, object, "ways", ways_of(m, site));
	value_set(m, object, "started", time_of(v->trace.run.started_ns));
	value_set(m, object, "ended", time_of(v->trace.run.ended_ns));
	return object;
}

static json_t *count_of(struct value_maker *m, const struct outside_view *view, int family,
			bool same)
{
	const struct outside_count *c = same ? &view->same[family] : &view->other[family];
	json_t *object = json_object();

	value_set(m, object, "lines", json_integer(c->lines));
	value_set(m, object, "open", json_integer(c->open));
	value_set(m, object, "blocked", json_integer(c->blocked));
	value_set(m, object, "undecided", json_integer(c->undecided));
	value_set(m, object, "inside", json_integer(c->inside));
	value_set(m, object, "at_server", json_integer(c->at_server));
	if (!same)
		value_set(m, object, "networks", json_integer(c->networks));
	return object;
}

static json_t *family_of(struct value_maker *m, const struct outside_view *view, int family)
{
	json_t *object = json_object();

	value_set(m, object, "says", json_string(outside_says_name(view->says[family])));
	value_set(m, object, "same_network", count_of(m, view, family, true));
	value_set(m, object, "other_networks", count_of(m, view, family, false));
	return object;
}

static json_t *summary_of(struct value_maker *m, const struct outside_view *view)
{
	static const char *const names[] = {"ipv4", "ipv6"};
	json_t *object = json_object(), *sentences = json_array();

	value_set(m, object, "asn", value_number(view->asn, 0));
	value_set(m, object, "owner", value_text(view->owner));
	for (int family = 0; family < 2; family++)
		value_set(m, object, names[family],
			  view->asked[family] ? family_of(m, view, family) : json_null());
	for (size_t i = 0; i < view->sentences_n; i++)
		value_append(m, sentences, value_text(view->sentences[i]));
	value_set(m, object, "sentences", sentences);
	value_set(m, object, "measurements", ids_of(m, view->ids, view->ids_n));
	return object;
}

void json_outside(struct value_maker *m, json_t *object, const struct outside_view *view)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < view->rows_n; i++)
		value_append(m, rows, row_of(m, &view->rows[i], &view->sites[i]));
	value_set(m, object, "outside", rows);
	value_set(m, object, "outside_summary", summary_of(m, view));
}
