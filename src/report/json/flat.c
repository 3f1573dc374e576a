/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/json/flat.h"
#include "outside/view.h"
#include "report/json/value.h"
#include "report/page/about.h"
#include "report/page/phrase.h"
#include <string.h>

static json_t *started_of(const struct run_info *run)
{
	char buf[PHRASE_TIME_BYTES];

	return run->started_ns > 0 ? json_string(phrase_time(run->started_ns, buf)) : json_null();
}

/* The user's label of that name; NULL: there is none. */
static const char *label_of(const struct about *about, const char *name)
{
	for (size_t i = 0; about && i < about->labels_n; i++)
		if (strcmp(about->labels[i].name, name) == 0)
			return about->labels[i].value;
	return NULL;
}

/* Who is suspected, most likely first, with spaces between. */
static json_t *suspects_of(const struct judgement *j)
{
	struct text text = {0};

	for (size_t i = 0; i < j->suspects_n; i++)
		text_addf(&text, "%s%s", i ? " " : "", blocker_name(j->suspects[i].blocker));
	json_t *value = text.len > 0 ? value_text(text_str(&text)) : json_null();
	text_free(&text);
	return value;
}

static void set_link(struct value_maker *m, json_t *object, const struct link_span *link)
{
	const struct addr none = {0};

	value_set(m, object, "link_from_hop", value_number(link->known ? link->from_hop : -1, -1));
	value_set(m, object, "link_from", value_addr(link->known ? &link->from : &none));
	value_set(m, object, "link_to_hop", value_number(link->known ? link->to_hop : -1, -1));
	value_set(m, object, "link_to", value_addr(link->known ? &link->to : &none));
}

/* Servers that vote, and those of them that are open. */
static void set_servers(struct value_maker *m, json_t *object, const struct result *r)
{
	int votes = 0, open = 0;

	for (size_t i = 0; i < r->findings_n; i++) {
		votes += r->findings[i].votes;
		open += r->findings[i].votes && r->findings[i].judgement.state == STATE_OPEN;
	}
	value_set(m, object, "servers", json_integer(votes));
	value_set(m, object, "servers_open", json_integer(open));
}

/* What lines elsewhere say of the verdict's family. */
static json_t *outside_of(const struct run_info *run, const struct result *r)
{
	if (!run->outside)
		return json_null();
	return json_string(outside_says_name(run->outside->says[r->verdict.family == 6]));
}

struct json_t *report_flat(const struct run_info *run, const struct trace *t,
			   const struct result *r)
{
	const struct verdict *v = &r->verdict;
	const struct judgement *j = &v->judgement;
	const struct about *about = run->about;
	json_t *object = json_object();
	struct value_maker m = {0};

	value_set(&m, object, "schema", json_string("whoblocks-flat/1"));
	value_set(&m, object, "id", value_text(about ? about->id : NULL));
	value_set(&m, object, "site", value_text(label_of(about, "site")));
	value_set(&m, object, "started", started_of(run));
	value_set(&m, object, "duration_ms", value_ms((double)run->duration_ns / 1e6));
	value_set(&m, object, "port", value_number(t->run.port, 0));
	value_set(&m, object, "status", json_integer(result_exit_status(j)));
	value_set(&m, object, "state", json_string(state_name(j->state)));
	value_set(&m, object, "blocker", json_string(blocker_name(j->blocker)));
	value_set(&m, object, "suspects", suspects_of(j));
	value_set(&m, object, "mechanism", json_string(mechanism_name(j->mechanism)));
	value_set(&m, object, "confidence",
		  j->has_confidence ? value_probability(j->confidence) : json_null());
	value_set(&m, object, "family", value_text(phrase_family_name(v->family)));
	set_link(&m, object, &j->link);
	value_set(&m, object, "provider_asn", value_number(outside_provider(r), 0));
	set_servers(&m, object, r);
	value_set(&m, object, "outside", outside_of(run, r));
	value_set(&m, object, "sentence", value_text(v->sentence ? v->sentence : ""));
	value_set(&m, object, "version", json_string(WHOBLOCKS_VERSION));
	if (!m.failed)
		return object;
	json_decref(object);
	return NULL;
}
