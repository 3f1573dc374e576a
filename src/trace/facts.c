/* SPDX-License-Identifier: BSD-2-Clause */
#include "trace/facts.h"
#include "trace/facts_table.h"
#include <jansson.h>
#include <string.h>

#define FACTS_BROKEN	 4 /* exit status of an input that cannot be read */
#define FACTS_MAX	 200000
#define STRING_BYTES_MAX 8192

/* --- out ------------------------------------------------------------------------------------- */

static json_t *encode_prefix(const struct prefix *p)
{
	char buf[ADDR_TEXT_BYTES];
	return json_sprintf("%s/%u", addr_text(&p->addr, buf), p->len);
}

static json_t *encode_ports(const struct server *s)
{
	json_t *list = json_array();
	for (size_t i = 0; list && i < s->controls_n; i++)
		json_array_append_new(list, json_integer(s->controls[i]));
	return list;
}

/* NULL for 0, which is what a member that is left out means. */
static json_t *encode_number(int64_t value)
{
	return value ? json_integer(value) : NULL;
}

/* The member's value, or NULL when it is left out. */
static json_t *encode_field(const struct fact_field *f, const void *record)
{
	const void *at = (const char *)record + f->offset;
	char buf[ADDR_TEXT_BYTES];
	switch (f->type) {
	case FACT_U8:
		return encode_number(*(const uint8_t *)at);
	case FACT_U16:
		return encode_number(*(const uint16_t *)at);
	case FACT_U32:
		return encode_number(*(const uint32_t *)at);
	case FACT_INT:
		return encode_number(*(const int *)at);
	case FACT_I64:
		return encode_number(*(const int64_t *)at);
	case FACT_BOOL:
		return *(const bool *)at ? json_true() : NULL;
	case FACT_STRING: {
		const char *s = *(const char *const *)at;
		return s ? json_string(s) : NULL;
	}
	case FACT_ADDR:
		return addr_is_set(at) ? json_string(addr_text(at, buf)) : NULL;
	case FACT_PREFIX:
		return encode_prefix(at);
	case FACT_PORTS:
		return encode_ports(record);
	}
	return NULL;
}

static json_t *encode_record(const struct fact_kind *kind, const void *record)
{
	json_t *object = json_pack("{ss}", "fact", kind->name);
	for (size_t i = 0; object && i < kind->fields_n; i++) {
		json_t *value = encode_field(&kind->fields[i], record);
		if (value)
			json_object_set_new(object, kind->fields[i].name, value);
	}
	return object;
}

static bool encode_kind(json_t *array, const struct fact_kind *kind, const struct trace *t)
{
	size_t n;
	const char *list = kind->list(t, &n);
	for (size_t i = 0; i < n; i++) {
		union fact_record record;
		memcpy(&record, list + i * kind->size, kind->size);
		if (kind->strip)
			kind->strip(t, &record);
		json_t *object = encode_record(kind, &record);
		if (!object || json_array_append_new(array, object) != 0)
			return false;
	}
	return true;
}

json_t *facts_encode(const struct trace *t)
{
	const struct fact_kind *kind;
	json_t *array = json_array();
	for (size_t k = 0; array && (kind = facts_kind(k)) != NULL; k++) {
		if (!encode_kind(array, kind, t)) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

/* --- in -------------------------------------------------------------------------------------- */

static bool decode_integer(const json_t *value, int64_t max, int64_t *out)
{
	if (!json_is_integer(value))
		return false;
	*out = json_integer_value(value);
	return *out >= 0 && *out <= max;
}

static bool decode_ports(const json_t *value, struct server *s)
{
	size_t i;
	json_t *item;
	if (json_array_size(value) > TRACE_PORTS_MAX)
		return false;
	json_array_foreach(value, i, item)
	{
		int64_t port;
		if (!decode_integer(item, UINT16_MAX, &port))
			return false;
		s->controls[i] = (uint16_t)port;
	}
	s->controls_n = (uint8_t)json_array_size(value);
	return true;
}

static bool decode_string(const json_t *value, const char **out)
{
	*out = json_string_value(value);
	return *out && json_string_length(value) <= STRING_BYTES_MAX &&
	       strlen(*out) == json_string_length(value);
}

static bool decode_number(const struct fact_field *f, const json_t *value, void *at)
{
	int64_t n = 0;
	switch (f->type) {
	case FACT_U8:
		return decode_integer(value, UINT8_MAX, &n) && (*(uint8_t *)at = (uint8_t)n, true);
	case FACT_U16:
		return decode_integer(value, UINT16_MAX, &n) &&
		       (*(uint16_t *)at = (uint16_t)n, true);
	case FACT_U32:
		return decode_integer(value, UINT32_MAX, &n) &&
		       (*(uint32_t *)at = (uint32_t)n, true);
	case FACT_INT:
		return decode_integer(value, f->max, &n) && (*(int *)at = (int)n, true);
	case FACT_I64:
		return decode_integer(value, INT64_MAX / 4, &n) && (*(int64_t *)at = n, true);
	default:
		return false;
	}
}

static bool decode_field(const struct fact_field *f, const json_t *value, void *record)
{
	void *at = (char *)record + f->offset;
	switch (f->type) {
	case FACT_BOOL:
		*(bool *)at = json_is_true(value);
		return json_is_boolean(value);
	case FACT_STRING:
		return decode_string(value, at);
	case FACT_ADDR:
		return json_is_string(value) && addr_parse(json_string_value(value), at);
	case FACT_PREFIX:
		return json_is_string(value) && prefix_parse(json_string_value(value), at);
	case FACT_PORTS:
		return json_is_array(value) && decode_ports(value, record);
	case FACT_U8:
	case FACT_U16:
	case FACT_U32:
	case FACT_INT:
	case FACT_I64:
		break;
	}
	return decode_number(f, value, at);
}

static int decode_record(const struct fact_kind *kind, const json_t *object, struct trace *t,
			 struct err *err)
{
	union fact_record record;
	memset(&record, 0, sizeof(record));
	for (size_t i = 0; i < kind->fields_n; i++) {
		const struct fact_field *f = &kind->fields[i];
		const json_t *value = json_object_get(object, f->name);
		if (value && !decode_field(f, value, &record))
			return err_set(err, FACTS_BROKEN,
				       "the facts in the capture are broken: \"%s\" of a \"%s\"",
				       f->name, kind->name);
	}
	if (!kind->add(t, &record))
		return err_set(err, FACTS_BROKEN, "the capture holds too many facts (\"%s\")",
			       kind->name);
	return 0;
}

static int decode_object(const json_t *object, struct trace *t, struct err *err)
{
	const struct fact_kind *kind;
	const char *name = json_string_value(json_object_get(object, "fact"));
	for (size_t k = 0; name && (kind = facts_kind(k)) != NULL; k++) {
		if (strcmp(kind->name, name) == 0)
			return decode_record(kind, object, t, err);
	}
	return 0;
}

int facts_decode(const json_t *array, struct trace *t, struct err *err)
{
	size_t i;
	json_t *object;
	if (!json_is_array(array) || json_array_size(array) > FACTS_MAX)
		return err_set(err, FACTS_BROKEN, "the facts in the capture are broken: no list");
	json_array_foreach(array, i, object)
	{
		if (decode_object(object, t, err) != 0)
			return -1;
	}
	for (i = 0; i < t->servers_n; i++) {
		if (!addr_is_set(&t->servers[i].addr))
			return err_set(err, FACTS_BROKEN,
				       "the facts in the capture are broken: a server without "
				       "address");
	}
	for (i = 0; i < t->networks_n; i++) {
		if (!addr_is_set(&t->networks[i].prefix.addr))
			return err_set(err, FACTS_BROKEN,
				       "the facts in the capture are broken: a network without "
				       "prefix");
	}
	t->run.own = true;
	/* A receiver's capture is of somebody else's probes. */
	for (i = 0; i < t->notes_n; i++)
		t->run.own = t->run.own && strcmp(t->notes[i].kind, "receiver") != 0;
	t->run.complete_facts = true;
	return 0;
}
