/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/json/record.h"
#include "report/json/run.h"
#include "report/page/phrase.h"
#include <string.h>

#define FACT_NAME "about"
#define LIST_MAX  1024

struct json_t *record_encode(const struct run_info *run, const struct trace *t)
{
	struct value_maker m = {0};
	json_t *object = json_object();

	value_set(&m, object, "fact", json_string(FACT_NAME));
	value_set(&m, object, "run", json_run(&m, run, t));
	if (!m.failed)
		return object;
	json_decref(object);
	return NULL;
}

static const char *text_of(struct record *out, const json_t *object, const char *key)
{
	const char *s = json_string_value(json_object_get(object, key));

	return s ? arena_copy(&out->arena, s) : NULL;
}

static uint64_t count_of(const json_t *object, const char *key)
{
	json_int_t n = json_integer_value(json_object_get(object, key));

	return n > 0 ? (uint64_t)n : 0;
}

/* Microseconds from milliseconds; what no clock says becomes 0. */
static int64_t us_of(const json_t *object, const char *key)
{
	double ms = json_number_value(json_object_get(object, key));

	return ms > 0 && ms < 1e12 ? (int64_t)(ms * 1e3 + 0.5) : 0;
}

static const char *const *texts_of(struct record *out, const json_t *object, const char *key)
{
	const json_t *array = json_object_get(object, key);
	size_t n = json_array_size(array), used = 0;
	const char **list;

	if (!json_is_array(array) || n > LIST_MAX)
		return NULL;
	list = arena_alloc(&out->arena, (n + 1) * sizeof(*list));
	for (size_t i = 0; list && i < n; i++) {
		const char *s = json_string_value(json_array_get(array, i));

		if (s)
			list[used++] = arena_copy(&out->arena, s);
	}
	return list;
}

static void decode_public(struct record *out, const json_t *run)
{
	const json_t *array = json_object_get(run, "public");
	struct about *about = &out->about;
	const json_t *item;
	size_t i;

	json_array_foreach(array, i, item)
	{
		const char *addr = json_string_value(json_object_get(item, "address"));
		struct about_public *public = &about->public[about->public_n];

		if (about->public_n == ABOUT_PUBLIC_MAX || !addr ||
		    !addr_parse(addr, &public->addr))
			continue;
		public->source = text_of(out, item, "source");
		about->public_n += public->source != NULL;
	}
}

static bool is_id(const char *s)
{
	return strlen(s) == ABOUT_ID_BYTES - 1 && s[strspn(s, "0123456789abcdef")] == '\0';
}

static void decode_labels(struct record *out, const json_t *run)
{
	struct about *about = &out->about;
	json_t *labels = json_object_get(run, "labels");

	for (void *at = json_object_iter(labels); at; at = json_object_iter_next(labels, at)) {
		const char *name = json_object_iter_key(at);
		const char *value = json_string_value(json_object_iter_value(at));

		if (value && about_label_name(name) && about->labels_n < ABOUT_LABELS_MAX)
			about->labels[about->labels_n++] = (struct about_label){
				arena_copy(&out->arena, name), arena_copy(&out->arena, value)};
	}
}

/* Names are used only as the result has them. */
static bool decode_round(struct record *out, const json_t *item, struct about_round *round)
{
	const json_t *confidence = json_object_get(item, "confidence");
	const char *started = json_string_value(json_object_get(item, "started"));

	*round = (struct about_round){
		.state = text_of(out, item, "state"),
		.blocker = text_of(out, item, "blocker"),
		.mechanism = text_of(out, item, "mechanism"),
		.sentence = text_of(out, item, "sentence"),
		.confidence = json_is_number(confidence) ? json_number_value(confidence) : -1,
		.capture = text_of(out, item, "capture"),
	};
	return started && phrase_time_parse(started, &round->started_ns) && round->state &&
	       round->blocker && round->mechanism && round->sentence;
}

static void decode_rounds(struct record *out, const json_t *run)
{
	const json_t *array = json_object_get(run, "results");
	size_t i, n = json_array_size(array);
	struct about_round *list;
	const json_t *item;

	if (!json_is_array(array) || n == 0 || n > LIST_MAX)
		return;
	list = arena_alloc(&out->arena, n * sizeof(*list));
	if (!list)
		return;
	json_array_foreach(array, i, item) out->about.rounds_n +=
		decode_round(out, item, &list[out->about.rounds_n]);
	out->about.rounds = list;
}

static void decode_about(struct record *out, const json_t *run)
{
	const json_t *clock = json_object_get(run, "clock"), *seen;
	const json_t *contact = json_object_get(run, "contact");
	const json_t *system = json_object_get(run, "system");
	struct about *about = &out->about;

	seen = json_object_get(clock, "synchronised");
	about->clock = (struct about_clock){
		.known = json_is_boolean(seen),
		.synchronised = json_is_true(seen),
		.estimated_error_us = us_of(clock, "estimated_error_ms"),
		.max_error_us = us_of(clock, "max_error_ms"),
	};
	about->os = text_of(out, system, "os");
	about->libraries = texts_of(out, system, "libraries");
	about->timestamps = text_of(out, system, "timestamps");
	about->contact = (struct about_contact){
		.network = text_of(out, contact, "network"),
		.name = text_of(out, contact, "name"),
		.email = text_of(out, contact, "email"),
		.source = text_of(out, contact, "source"),
	};
	about->redacted = json_is_true(json_object_get(run, "redacted"));
	about->id = text_of(out, run, "id");
	if (about->id && !is_id(about->id))
		about->id = NULL;
	decode_labels(out, run);
	decode_public(out, run);
	decode_rounds(out, run);
}

static void decode_run(struct record *out, const json_t *run)
{
	uint64_t rounds = count_of(run, "rounds");

	out->run = (struct run_info){
		.mode = "live",
		.argv = texts_of(out, run, "argv"),
		.interface = text_of(out, run, "interface"),
		.packets_sent = count_of(run, "packets_sent"),
		.packets_seen = count_of(run, "packets_seen"),
		.capture_dropped = count_of(run, "capture_dropped"),
		.lookups = texts_of(out, run, "lookups"),
		.rounds = rounds > 0 && rounds <= LIST_MAX ? (unsigned)rounds : 1,
		.about = &out->about,
	};
	decode_about(out, run);
	out->found = true;
}

bool record_decode(const struct json_t *facts, struct record *out)
{
	const json_t *item;
	size_t i;

	*out = (struct record){0};
	json_array_foreach(facts, i, item)
	{
		const char *name = json_string_value(json_object_get(item, "fact"));
		const json_t *run = json_object_get(item, "run");

		if (!out->found && name && strcmp(name, FACT_NAME) == 0 && json_is_object(run))
			decode_run(out, run);
	}
	return !out->arena.failed;
}

void record_free(struct record *record)
{
	arena_free(&record->arena);
	*record = (struct record){0};
}
