/* SPDX-License-Identifier: BSD-2-Clause */
/* Every name that the program can print stands in the schema, and the schema has no others. */
#include "infer/rules/claim.h"
#include "infer/scene/role_rules.h"
#include "report/page/phrase.h"
#include "report_test.h"
#include <jansson.h>

static json_t *schema_at(json_t *schema, const char *const path[])
{
	json_t *at = schema;

	for (size_t i = 0; path[i]; i++)
		at = json_object_get(at, path[i]);
	assert_true(json_is_array(at));
	return at;
}

static json_t *load(void)
{
	json_t *schema = json_load_file(TESTS_DIR "/../src/report/result.schema.json", 0, NULL);

	assert_non_null(schema);
	return schema;
}

static const char *name_of_state(size_t i)
{
	return state_name((enum state)i);
}

static const char *name_of_blocker(size_t i)
{
	return blocker_name((enum blocker)i);
}

/* The last is reserved: readers may meet it, and no version says it. */
static const char *name_of_mechanism(size_t i)
{
	if (i > MECHANISM_UNKNOWN)
		return "dns-redirect";
	return mechanism_name((enum mechanism)i);
}

static const char *name_of_layer(size_t i)
{
	return layer_name((enum layer)i);
}

static const char *name_of_role(size_t i)
{
	return segment_name((enum segment)i);
}

static const char *name_of_port_state(size_t i)
{
	return port_state_name((enum port_state)i);
}

/* Fails with the name unless it stands there. */
static void expect_name(json_t *names, size_t at, const char *name)
{
	const char *there = json_string_value(json_array_get(names, at));

	if (!there || strcmp(there, name) != 0)
		fail_msg("at place %zu of its list in result.schema.json stands '%s', not '%s'", at,
			 there ? there : "nothing", name);
}

static const char *name_of_rule(size_t i)
{
	size_t n;

	return rules_table(&n)[i].name;
}

static size_t count_rules(void)
{
	size_t n;

	rules_table(&n);
	return n;
}

/* The rules of roles in their order, then the server's own distance, then null. */
static void test_role_rules(void **state)
{
	static const char *const path[] = {"$defs",   "hop_row", "properties",
					   "role_by", "enum",	 NULL};
	json_t *schema = load(), *names = schema_at(schema, path);
	size_t n;
	const struct role_rule *rules = role_rules_table(&n);

	(void)state;
	for (size_t i = 0; i < n; i++)
		expect_name(names, i, rules[i].name);
	expect_name(names, n, "server");
	assert_int_equal(json_array_size(names), n + 2);
	assert_true(json_is_null(json_array_get(names, n + 1)));
	json_decref(schema);
}

static void test_names(void **state)
{
	const struct {
		const char *path[8];
		const char *(*name)(size_t i);
		size_t n;
	} rows[] = {
		{{"$defs", "state", "enum"}, name_of_state, STATE_UNKNOWN + 1},
		{{"$defs", "blocker", "enum"}, name_of_blocker, BLOCKER_UNKNOWN + 1},
		{{"$defs", "mechanism", "enum"}, name_of_mechanism, MECHANISM_UNKNOWN + 2},
		{{"$defs", "layer", "enum"}, name_of_layer, LAYER_TLS + 1},
		{{"$defs", "role", "enum"}, name_of_role, SEGMENT_COUNT},
		{{"$defs", "port_row", "properties", "state", "enum"},
		 name_of_port_state,
		 PORT_SILENT + 1},
		{{"$defs", "reason", "properties", "rule", "enum"}, name_of_rule, count_rules()},
	};
	json_t *schema = load();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *names = schema_at(schema, rows[i].path);

		for (size_t k = 0; k < rows[i].n; k++)
			expect_name(names, k, rows[i].name(k));
		/* Behind the rules of the table stand the names of this host's signatures. */
		if (rows[i].name != name_of_rule)
			assert_int_equal(json_array_size(names), rows[i].n);
	}
	json_decref(schema);
}

/* What passes through from files is held to the schema's names by the renderer. */
static void test_foreign_names(void **state)
{
	static const char *const kinds[] = {"$defs", "fact", "properties", "kind", "enum", NULL};
	static const char *const stops[] = {"properties", "run",  "properties",
					    "stop",	  "enum", NULL};
	json_t *schema = load(), *name;
	size_t i;

	(void)state;
	json_array_foreach(schema_at(schema, kinds), i, name) assert_string_equal(
		phrase_fact_kind(json_string_value(name)), json_string_value(name));
	json_array_foreach(schema_at(schema, stops), i, name)
	{
		if (json_is_null(name))
			assert_null(phrase_stop_name("surprise"));
		else
			assert_string_equal(phrase_stop_name(json_string_value(name)),
					    json_string_value(name));
	}
	assert_string_equal(phrase_fact_kind("surprise"), "note");
	assert_string_equal(phrase_fact_kind(NULL), "note");
	assert_null(phrase_stop_name(NULL));
	json_decref(schema);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_role_rules),
		cmocka_unit_test(test_foreign_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
