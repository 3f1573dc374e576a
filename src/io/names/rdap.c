/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/names/rdap.h"
#include "io/host/status.h"
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#define DEPTH_MAX    4 /* entities stand within entities */
#define ENTITIES_MAX 64

/* In the order in which they are wanted. */
static const char *const roles[] = {"abuse", "technical", "noc", "administrative", "registrant"};

#define ROLES_N (sizeof(roles) / sizeof(roles[0]))

static void copy(char out[RDAP_TEXT_BYTES], const char *s)
{
	if (s)
		snprintf(out, RDAP_TEXT_BYTES, "%s", s);
}

/* The rank of an entity's best role; ROLES_N when it has none that is wanted. */
static size_t rank_of(const json_t *entity)
{
	const json_t *list = json_object_get(entity, "roles"), *item;
	size_t best = ROLES_N, i;

	json_array_foreach(list, i, item)
	{
		const char *role = json_string_value(item);

		for (size_t k = 0; role && k < best; k++) {
			if (strcmp(role, roles[k]) == 0)
				best = k;
		}
	}
	return best;
}

/* The value of a property of a jCard (RFC 7095), or NULL. */
static const char *property(const json_t *entity, const char *name)
{
	const json_t *card = json_array_get(json_object_get(entity, "vcardArray"), 1), *item;
	size_t i;

	json_array_foreach(card, i, item)
	{
		const char *key = json_string_value(json_array_get(item, 0));
		const char *value = json_string_value(json_array_get(item, 3));

		if (key && value && *value && strcmp(key, name) == 0)
			return value;
	}
	return NULL;
}

/* The best entity with an address for mail, at any depth. */
static void find(const json_t *object, int depth, const json_t **best, size_t *rank)
{
	const json_t *list = json_object_get(object, "entities"), *entity;
	size_t i;

	if (depth > DEPTH_MAX || json_array_size(list) > ENTITIES_MAX)
		return;
	json_array_foreach(list, i, entity)
	{
		size_t own = rank_of(entity);

		if (property(entity, "email") && (own < *rank || !*best)) {
			*best = entity;
			*rank = own;
		}
		find(entity, depth + 1, best, rank);
	}
}

int rdap_parse(const char *json, size_t len, struct rdap_contact *out, struct err *err)
{
	const json_t *best = NULL;
	size_t rank = ROLES_N;
	json_error_t why;
	json_t *answer = json_loadb(json, len, 0, &why);

	*out = (struct rdap_contact){0};
	if (!json_is_object(answer)) {
		json_decref(answer);
		return err_set(err, IO_INPUT, "the registry's answer is no JSON object: %s",
			       answer ? "another value" : why.text);
	}
	copy(out->network, json_string_value(json_object_get(answer, "name")));
	if (out->network[0] == '\0')
		copy(out->network, json_string_value(json_object_get(answer, "handle")));
	find(answer, 0, &best, &rank);
	if (best) {
		copy(out->name, property(best, "fn"));
		copy(out->email, property(best, "email"));
	}
	json_decref(answer);
	if (out->network[0] != '\0' || out->email[0] != '\0')
		return 0;
	return err_set(err, IO_INPUT, "the registry's answer names nobody");
}
