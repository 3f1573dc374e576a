/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/json/value.h"
#include "base/text.h"
#include <math.h>
#include <string.h>

/* Our own keys are UTF-8, and so is what was made harmless: nobody needs to look at it again. */
void value_set(struct value_maker *m, json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new_nocheck(object, key, value) != 0)
		m->failed = true;
}

void value_append(struct value_maker *m, json_t *array, json_t *value)
{
	if (json_array_append_new(array, value) != 0)
		m->failed = true;
}

json_t *value_text(const char *s)
{
	struct text clean = {0};
	json_t *value;

	if (!s)
		return json_null();
	text_add_untrusted(&clean, s, strlen(s));
	value = clean.failed ? NULL : json_stringn_nocheck(text_str(&clean), clean.len);
	text_free(&clean);
	return value;
}

/* Adding 0 makes a negative zero positive; what is no number is unknown. */
static json_t *rounded(double n, double scale)
{
	return isfinite(n) ? json_real(round(n * scale) / scale + 0.0) : json_null();
}

json_t *value_ms(double ms)
{
	return ms < 0 ? json_null() : rounded(ms, 1e3);
}

json_t *value_probability(double p)
{
	return rounded(p, 1e4);
}

json_t *value_number(int64_t n, int64_t none)
{
	return n == none ? json_null() : json_integer(n);
}

json_t *value_addr(const struct addr *a)
{
	char buf[ADDR_TEXT_BYTES];

	return addr_is_set(a) ? json_string(addr_text(a, buf)) : json_null();
}

json_t *value_link(struct value_maker *m, const struct link_span *link)
{
	json_t *object;

	if (!link->known)
		return json_null();
	object = json_object();
	value_set(m, object, "from_hop", json_integer(link->from_hop));
	value_set(m, object, "from", value_addr(&link->from));
	value_set(m, object, "to_hop", json_integer(link->to_hop));
	value_set(m, object, "to", value_addr(&link->to));
	return object;
}

json_t *value_suspects(struct value_maker *m, const struct judgement *j)
{
	json_t *array = json_array();

	for (size_t i = 0; i < j->suspects_n; i++) {
		const struct suspect *s = &j->suspects[i];
		json_t *object = json_object();

		value_set(m, object, "blocker", json_string(blocker_name(s->blocker)));
		value_set(m, object, "mechanism", json_string(mechanism_name(s->mechanism)));
		value_set(m, object, "probability", value_probability(s->probability));
		value_set(m, object, "text", value_text(s->text));
		value_append(m, array, object);
	}
	return array;
}

void value_judgement(struct value_maker *m, json_t *object, const struct judgement *j)
{
	value_set(m, object, "state", json_string(state_name(j->state)));
	value_set(m, object, "blocker", json_string(blocker_name(j->blocker)));
	value_set(m, object, "suspects", value_suspects(m, j));
	value_set(m, object, "mechanism", json_string(mechanism_name(j->mechanism)));
	value_set(m, object, "confidence",
		  j->has_confidence ? value_probability(j->confidence) : json_null());
	value_set(m, object, "link", value_link(m, &j->link));
}
