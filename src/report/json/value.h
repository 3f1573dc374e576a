/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef REPORT_JSON_VALUE_H
#define REPORT_JSON_VALUE_H

/*
 * JSON values as the result spells them: harmless text, rounded numbers, null
 * for what is unknown. Every function returns a new reference, or NULL when
 * there is no memory, which the value_set() that takes it remembers.
 */

#include "base/addr.h"
#include "infer/result/result.h"
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Collects the failures of one object's making. */
struct value_maker {
	bool failed;
};

/* Adds a member or an item; takes the reference, also when it fails. */
void value_set(struct value_maker *m, json_t *object, const char *key, json_t *value);
void value_append(struct value_maker *m, json_t *array, json_t *value);

/* Text of any origin; NULL becomes null. */
json_t *value_text(const char *s);

/* Milliseconds with three decimals; negative becomes null. */
json_t *value_ms(double ms);

/* A probability with four decimals. */
json_t *value_probability(double p);

/* A number; `none` becomes null. */
json_t *value_number(int64_t n, int64_t none);

json_t *value_addr(const struct addr *a);

/* { from_hop, from, to_hop, to }, or null. */
json_t *value_link(struct value_maker *m, const struct link_span *link);

/* [ { blocker, mechanism, probability, text } ] */
json_t *value_suspects(struct value_maker *m, const struct judgement *j);

/* Members state, blocker, suspects, mechanism, confidence and link of `object`. */
void value_judgement(struct value_maker *m, json_t *object, const struct judgement *j);

#endif
