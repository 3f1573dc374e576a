/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/page/about.h"
#include "report/json/run.h"
#include "report/page/phrase.h"

json_t *json_texts(struct value_maker *m, const char *const *items)
{
	json_t *array = json_array();

	for (size_t i = 0; items && items[i]; i++)
		value_append(m, array, value_text(items[i]));
	return array;
}

static json_t *clock_of(struct value_maker *m, const struct about_clock *clock)
{
	json_t *object;

	if (!clock->known)
		return json_null();
	object = json_object();
	value_set(m, object, "synchronised", json_boolean(clock->synchronised));
	value_set(m, object, "estimated_error_ms",
		  value_ms((double)clock->estimated_error_us / 1e3));
	value_set(m, object, "max_error_ms", value_ms((double)clock->max_error_us / 1e3));
	return object;
}

static json_t *system_of(struct value_maker *m, const struct about *about)
{
	json_t *object;

	if (!about->os && !about->libraries && !about->timestamps)
		return json_null();
	object = json_object();
	value_set(m, object, "os", value_text(about->os));
	value_set(m, object, "libraries", json_texts(m, about->libraries));
	value_set(m, object, "timestamps", value_text(about->timestamps));
	return object;
}

static json_t *public_of(struct value_maker *m, const struct about *about)
{
	json_t *array = json_array();

	for (size_t i = 0; i < about->public_n; i++) {
		json_t *object = json_object();

		value_set(m, object, "address", value_addr(&about->public[i].addr));
		value_set(m, object, "source", value_text(about->public[i].source));
		value_append(m, array, object);
	}
	return array;
}

static json_t *contact_of(struct value_maker *m, const struct about_contact *contact)
{
	json_t *object;

	if (!contact->source)
		return json_null();
	object = json_object();
	value_set(m, object, "network", value_text(contact->network));
	value_set(m, object, "name", value_text(contact->name));
	value_set(m, object, "email", value_text(contact->email));
	value_set(m, object, "source", value_text(contact->source));
	return object;
}

static json_t *round_of(struct value_maker *m, const struct about_round *round)
{
	json_t *object = json_object();
	char buf[PHRASE_TIME_BYTES];

	value_set(m, object, "started", json_string(phrase_time(round->started_ns, buf)));
	value_set(m, object, "state", value_text(round->state));
	value_set(m, object, "blocker", value_text(round->blocker));
	value_set(m, object, "mechanism", value_text(round->mechanism));
	value_set(m, object, "confidence",
		  round->confidence < 0 ? json_null() : value_probability(round->confidence));
	value_set(m, object, "sentence", value_text(round->sentence));
	value_set(m, object, "capture", value_text(round->capture));
	return object;
}

static json_t *rounds_of(struct value_maker *m, const struct about *about)
{
	json_t *array = json_array();

	for (size_t i = 0; i < about->rounds_n; i++)
		value_append(m, array, round_of(m, &about->rounds[i]));
	return array;
}

/* Names are the user's; of two alike the first stands. */
static json_t *labels_of(struct value_maker *m, const struct about *about)
{
	json_t *object = json_object();

	for (size_t i = 0; i < about->labels_n; i++)
		if (!json_object_get(object, about->labels[i].name))
			value_set(m, object, about->labels[i].name,
				  value_text(about->labels[i].value));
	return object;
}

void json_about(struct value_maker *m, json_t *object, const struct about *about)
{
	static const struct about nothing;

	if (!about)
		about = &nothing;
	value_set(m, object, "id", value_text(about->id));
	value_set(m, object, "labels", labels_of(m, about));
	value_set(m, object, "clock", clock_of(m, &about->clock));
	value_set(m, object, "system", system_of(m, about));
	value_set(m, object, "public", public_of(m, about));
	value_set(m, object, "contact", contact_of(m, &about->contact));
	value_set(m, object, "results", rounds_of(m, about));
	value_set(m, object, "redacted", json_boolean(about->redacted));
}
