/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/json/value.h"
#include "report/sites/sites.h"
#include "report/sites/words.h"

#define SCHEMA_NAME "whoblocks-sites/1"

/* The text's words as a value. */
static json_t *take_words(struct text *words)
{
	json_t *value = words->failed ? NULL : value_text(text_str(words));
	text_free(words);
	return value;
}

static json_t *stretch_of(struct value_maker *m, const struct stretch *s)
{
	json_t *object = json_object();
	value_set(m, object, "from", value_addr(&s->from.addr));
	value_set(m, object, "from_asn", value_number(s->from.asn, 0));
	value_set(m, object, "to", value_addr(&s->to.addr));
	value_set(m, object, "to_asn", value_number(s->to.asn, 0));
	value_set(m, object, "failing", json_integer(s->failing));
	value_set(m, object, "passing", json_integer(s->passing));
	return object;
}

static json_t *share_of(struct value_maker *m, const struct sites_result *r,
			const struct share *share, const struct site *sites)
{
	json_t *object = json_object(), *names = json_array(), *suspects = json_array();
	struct text sentence = {0};
	sites_words_share(r, share, sites, &sentence);
	for (size_t i = 0; i < share->sites_n; i++)
		value_append(m, names, value_text(sites[share->sites[i]].name));
	for (size_t i = 0; i < share->suspects_n; i++)
		value_append(m, suspects, stretch_of(m, &share->suspects[i]));
	value_set(m, object, "kind", json_string(sites_words_kind(share->kind)));
	value_set(m, object, "sentence", take_words(&sentence));
	value_set(m, object, "sites", names);
	value_set(m, object, "suspects", suspects);
	value_set(m, object, "named", json_boolean(share->named));
	value_set(m, object, "asn", value_number(share->asn, 0));
	value_set(m, object, "own_places", json_integer(share->apart));
	value_set(m, object, "open_behind", json_integer(share->behind));
	return object;
}

static json_t *provider_of(struct value_maker *m, const struct provider_row *row)
{
	json_t *object = json_object();
	value_set(m, object, "asn", value_number(row->asn, 0));
	value_set(m, object, "owner", value_text(row->owner));
	value_set(m, object, "sites", json_integer(row->sites));
	value_set(m, object, "failing", json_integer(row->failing));
	value_set(m, object, "open", json_integer(row->open));
	value_set(m, object, "unknown", json_integer(row->unknown));
	return object;
}

struct json_t *report_sites_json(const struct sites_result *r, const struct site *sites)
{
	json_t *object = json_object(), *shares = json_array(), *providers = json_array();
	struct value_maker m = {0};
	struct text head = {0};
	sites_words_head(r, &head);
	for (size_t i = 0; i < r->shares_n; i++)
		value_append(&m, shares, share_of(&m, r, &r->shares[i], sites));
	for (size_t i = 0; i < r->providers_n; i++)
		value_append(&m, providers, provider_of(&m, &r->providers[i]));
	value_set(&m, object, "schema", json_string(SCHEMA_NAME));
	value_set(&m, object, "sentence", take_words(&head));
	value_set(&m, object, "sites", json_integer(r->sites));
	value_set(&m, object, "failing", json_integer(r->failing));
	value_set(&m, object, "open", json_integer(r->open));
	value_set(&m, object, "unknown", json_integer(r->unknown));
	value_set(&m, object, "shares", shares);
	value_set(&m, object, "providers", providers);
	if (m.failed) {
		json_decref(object);
		return NULL;
	}
	return object;
}
