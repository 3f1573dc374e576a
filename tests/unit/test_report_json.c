/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The JSON result. Every case is also written to the folder REPORT_SAMPLES, where
 * check_schema.py validates it.
 */
#include "report_test.h"
#include <jansson.h>
#include <stdio.h>

static void write_case(const char *name, bool line, struct text *out)
{
	struct sample *s = make_case(find_case(name));

	report_json(&s->run, &s->t, &s->r, line, out);
	assert_false(out->failed);
	free_case(s);
}

static json_t *parse(const struct text *text)
{
	json_t *json = json_loads(text->s, JSON_REJECT_DUPLICATES, NULL);

	assert_non_null(json);
	return json;
}

static json_t *case_json(const char *name)
{
	struct text text = {0};
	json_t *json;

	write_case(name, false, &text);
	json = parse(&text);
	text_free(&text);
	return json;
}

/* The value at a path such as "servers/0/reply/kind"; fails where there is none. */
static json_t *at(json_t *json, const char *path)
{
	char part[64];

	while (*path) {
		size_t n = strcspn(path, "/");

		assert_true(n < sizeof(part));
		memcpy(part, path, n);
		part[n] = '\0';
		json = json_is_array(json) ? json_array_get(json, (size_t)atoi(part))
					   : json_object_get(json, part);
		assert_non_null(json);
		path += n + (path[n] == '/');
	}
	return json;
}

static void test_values(void **state)
{
	static const struct {
		const char *name, *path, *value;
	} rows[] = {
		{"open", "schema", "\"whoblocks/1\""},
		{"open", "run/started", "\"2023-11-14T22:13:20.123456Z\""},
		{"open", "run/duration_ms", "2412.346"},
		{"open", "run/client", "[\"192.168.1.20\"]"},
		{"open", "run/seed", "null"},
		{"open", "run/capture", "null"},
		{"open", "verdict/confidence", "0.9876"},
		{"open", "verdict/link", "null"},
		{"open", "verdict/family", "\"ipv4\""},
		{"open", "verdict/reasons/0/server", "null"},
		{"open", "verdict/reasons/0/packets/1", "{\"file\": 1, \"frame\": 19}"},
		{"isp-drop", "verdict/confidence", "0.9877"},
		{"isp-drop", "verdict/reasons/0/server", "0"},
		{"isp-drop", "run/capture/file", "\"evidence.pcapng\""},
		{"isp-drop", "verdict/link",
		 "{\"from_hop\": 3, \"from\": \"198.51.100.1\", \"to_hop\": 4, \"to\": "
		 "\"198.51.100.2\"}"},
		{"isp-drop", "servers/0/reply/rtt_ms", "null"},
		{"isp-drop", "servers/0/distance", "{\"control\": 5, \"target\": null}"},
		{"isp-drop", "servers/0/hops/0/role", "\"local-network\""},
		{"isp-drop", "servers/0/hops/3/target", "[]"},
		{"isp-drop", "servers/0/hops/3/target_probes",
		 "{\"sent\": 3, \"expired\": 0, \"ended\": 0}"},
		{"isp-drop", "servers/0/hops/1/control/0",
		 "{\"address\": \"100.64.0.1\", \"name\": null, \"asn\": 64500, \"owner\": "
		 "\"Example Access\", \"rtt_ms\": 2.5, \"answered\": 3}"},
		{"isp-drop", "servers/0/ports/1",
		 "{\"port\": 993, \"state\": \"open\", \"target\": false, \"control\": true, "
		 "\"sent\": 2, \"answered\": 2, \"rtt_ms\": 12.0}"},
		{"gw-or-isp", "verdict/blocker", "\"unknown\""},
		{"gw-or-isp", "verdict/next/2",
		 "\"capture on the router's WAN side, then compare: whoblocks compare "
		 "client.pcapng "
		 "router.pcapng; whoblocks explain local-network\""},
		{"gw-or-isp", "verdict/suspects/1",
		 "{\"blocker\": \"isp\", \"mechanism\": \"silent-drop\", \"probability\": 0.5, "
		 "\"text\": \"the provider's network\"}"},
		{"no-network", "verdict/confidence", "null"},
		{"no-network", "verdict/family", "null"},
		{"no-network", "servers/0/control", "null"},
		{"no-network", "servers/0/votes", "false"},
		{"local-drop", "host/facts/0/errno", "1"},
		{"local-drop", "host/facts/0/error", "\"EPERM\""},
		{"local-drop", "host/facts/0/server", "null"},
		{"local-drop", "host/facts/1/server", "0"},
		{"local-drop", "verdict/link/from_hop", "0"},
		{"ipv6-only", "servers/1/family", "\"ipv6\""},
		{"ipv6-only", "run/client", "[\"192.168.1.20\", \"2001:db8:1::20\"]"},
		{"hostile", "host/facts/0/kind", "\"note\""},
		{"hostile", "host/facts/0/server", "null"},
		{"hostile", "host/facts/0/user", "\"\\\\x80\""},
		{"hostile", "verdict/next/0",
		 "\"nothing \\\\x1b]8;;http://example.org\\\\x1b\\\\here\""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *json = case_json(rows[i].name);
		char *s = json_dumps(at(json, rows[i].path),
				     JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));

		assert_string_equal(s, rows[i].value);
		free(s);
		json_decref(json);
	}
}

/* The contract's order; what was added for users stands behind. */
static void test_key_order(void **state)
{
	static const struct {
		const char *path, *keys;
	} rows[] = {
		{"", "schema tool mode run verdict servers host "},
		{"run", "started duration_ms stop seed argv port interface client packets_sent "
			"packets_seen capture_dropped lookups rounds capture id labels clock "
			"system public contact "
			"results redacted "},
		{"verdict", "state blocker suspects mechanism confidence link family sentence "
			    "reasons next "},
		{"servers/0", "host address family asn operator port control layer state blocker "
			      "suspects mechanism confidence link distance reply hops ports smtp "
			      "sentence client listed reference votes "},
	};
	json_t *json = case_json("isp-drop");

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct text keys = {0};
		const char *key;
		json_t *value;

		json_object_foreach(at(json, rows[i].path), key, value)
			text_addf(&keys, "%s ", key);
		assert_string_equal(text_str(&keys), rows[i].keys);
		text_free(&keys);
	}
	json_decref(json);
}

static void save(const char *name, const struct text *out)
{
	const char *folder = getenv("REPORT_SAMPLES");
	char path[1024];
	FILE *file;

	if (!folder)
		return;
	assert_true(snprintf(path, sizeof(path), "%s/%s.json", folder, name) < (int)sizeof(path));
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(out->s, 1, out->len, file), out->len);
	assert_int_equal(fclose(file), 0);
}

/* The same evidence gives the same bytes, on lines or on one as jansson spells the whole. */
static void test_bytes(void **state)
{
	(void)state;
	for (size_t i = 0; i < REPORT_CASES; i++) {
		for (size_t line = 0; line < 2; line++) {
			struct text out = {0}, again = {0};
			json_t *parsed;

			write_case(report_cases[i].name, line, &out);
			parsed = parse(&out);
			if (line)
				report_json_line(parsed, &again);
			else
				report_json_text(parsed, &again);
			assert_string_equal(out.s, again.s);
			json_decref(parsed);
			if (!line)
				save(report_cases[i].name, &out);
			text_free(&out);
			text_free(&again);
		}
	}
}

static void test_no_memory(void **state)
{
	struct text out = {0};

	(void)state;
	report_json_text(NULL, &out);
	assert_true(out.failed);
	text_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_key_order),
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
