/* SPDX-License-Identifier: BSD-2-Clause */
/* Pseudonyms for the local network, and the record of a run. */
#include "evidence_case.h"
#include "report/json/record.h"
#include "report/redact/redact.h"
#include <jansson.h>

static struct sample *local_case(void)
{
	struct sample *s = make_case(find_case("isp-drop"));

	trace_add_route(&s->t, &(struct route){.family = 4,
					       .interface = "eth0",
					       .gateway = sample_addr("192.168.1.1"),
					       .client = sample_addr("192.168.1.20")});
	trace_add_route(&s->t,
			&(struct route){.family = 6,
					.gateway = sample_addr("fe80::a1b2:c3ff:fed4:e5f6"),
					.client = sample_addr("2001:db8:5:1:a1b2:c3ff:fed4:e5f6")});
	trace_add_name(&s->t, &(struct name){sample_addr("192.168.1.1"), "router.fritz.box"});
	trace_add_note(&s->t, &(struct note){"rule", "from 192.168.1.20 to router.fritz.box reject",
					     TRACE_NONE, 0});
	trace_add_network(&s->t, &(struct network){.prefix = {sample_addr("192.168.0.0"), 16},
						   .has_role = true,
						   .role = SEGMENT_LOCAL,
						   .name = "Smith family",
						   .by_user = true});
	return s;
}

static void test_text(void **state)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		{"hop 1 (192.168.1.1).", "hop 1 (10.255.0.2)."},
		{"192.168.1.20:40000 > 203.0.113.5:587", "10.255.0.1:40000 > 203.0.113.5:587"},
		{"router.fritz.box.", "host-1.example."},
		{"via fe80::a1b2:c3ff:fed4:e5f6 dev eth0", "via fe80::1 dev eth0"},
		{"2001:db8:5:1:a1b2:c3ff:fed4:e5f6, too", "2001:db8:5:1::1, too"},
		{"lladdr a0:b2:c3:d4:e5:f6 and a0:b2:c3:d4:e5:f6",
		 "lladdr 00:00:5e:00:53:06 and 00:00:5e:00:53:06"},
		{"198.51.100.1 is the provider's", "198.51.100.1 is the provider's"},
		{"not 192.168.1.2, which was never seen", "not 192.168.1.2, which was never seen"},
		{"192.168.1.1-192.168.1.20", "10.255.0.2-10.255.0.1"},
	};
	struct sample *s = local_case();
	struct redaction red;

	(void)state;
	assert_int_equal(redact_plan(&s->t, &s->r, &red), 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct text text = {0};

		redact_text(&red, rows[i].in, &text);
		assert_string_equal(text_str(&text), rows[i].out);
		text_free(&text);
	}
	redact_free(&red);
	free_case(s);
}

static void test_trace(void **state)
{
	struct sample *s = local_case();
	struct addr gateway = sample_addr("10.255.0.2");
	struct redaction red;
	struct text key = {0};

	(void)state;
	trace_add_reply(&s->t, &(struct reply){.kind = REPLY_EXPIRED,
					       .from = sample_addr("192.168.1.1"),
					       .frame = 9,
					       .file = 1});
	assert_int_equal(redact_plan(&s->t, &s->r, &red), 0);
	assert_int_equal(redact_trace(&red, &s->t), 0);
	assert_true(addr_equal(&s->t.routes[0].gateway, &gateway));
	assert_true(addr_equal(&s->t.replies[0].from, &gateway));
	assert_string_equal(s->t.names[0].text, "host-1.example");
	assert_string_equal(s->t.notes[0].text, "from 10.255.0.1 to host-1.example reject");
	assert_int_equal(trace_network(&s->t, &gateway)->role, SEGMENT_LOCAL);
	assert_string_equal(trace_network(&s->t, &gateway)->name, "local network");
	assert_string_equal(s->t.servers[0].host, "posteo.de");
	redact_key(&red, &key);
	assert_non_null(strstr(text_str(&key), "10.255.0.2 = 192.168.1.1\n"));
	assert_non_null(strstr(text_str(&key), "host-1.example = router.fritz.box\n"));
	text_free(&key);
	redact_free(&red);
	free_case(s);
}

/* What only the host's own rules name. */
static void test_rules(void **state)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		{"ip saddr 192.168.1.0/24 tcp dport 587 drop",
		 "ip saddr 10.255.0.0/24 tcp dport 587 drop"},
		{"ip daddr != { 192.168.1.2, 10.1.2.3-10.1.2.9 } drop",
		 "ip daddr != { 10.255.0.3, 10.255.1.1-10.255.1.2 } drop"},
		{"ip daddr 198.51.100.77 accept", "ip daddr 192.0.2.1 accept"},
		{"ip daddr 0.0.0.0/0 oif \"lo\" ip daddr 127.0.0.1",
		 "ip daddr 0.0.0.0/0 oif \"lo\" ip daddr 127.0.0.1"},
		{"meta skuid \"anna\" tcp dport 587 reject",
		 "meta skuid \"user-1\" tcp dport 587 reject"},
		{"skuid != { \"anna\", \"bert\", 1000 } drop",
		 "skuid != { \"user-1\", \"user-2\", 1000 } drop"},
		{"-m owner ! --uid-owner root --gid-owner carl -j DROP",
		 "-m owner ! --uid-owner root --gid-owner user-3 -j DROP"},
		{"-m comment --comment \"not for \\\"bert\\\"\" -j DROP",
		 "-m comment --comment \"...\" -j DROP"},
		{"log prefix \"anna's \" drop comment \"her box\"",
		 "log prefix \"...\" drop comment \"...\""},
		{"chain anna: skuid @anna tcp dport { 25, 587 } drop",
		 "chain anna: skuid @anna tcp dport { 25, 587 } drop"},
	};
	struct sample *s = local_case();
	struct redaction red;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		trace_add_filter_rule(&s->t, &(struct filter_rule){.text = rows[i].in});
	assert_int_equal(redact_plan(&s->t, &s->r, &red), 0);
	assert_int_equal(redact_trace(&red, &s->t), 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(s->t.filter_rules[i].text, rows[i].out);
	redact_free(&red);
	free_case(s);
}

/* Accounts are called something else wherever they are named; words of the same form stay. */
static void test_accounts(void **state)
{
	struct sample *s = local_case();
	struct redaction red;
	struct text text = {0};

	(void)state;
	trace_add_user(&s->t, &(struct user){.uid = 0, .name = "root"});
	trace_add_user(&s->t, &(struct user){.uid = 1000, .name = "rule"});
	trace_add_connect(&s->t, &(struct connect_result){.uid = 1000, .user = "rule"});
	trace_add_note(&s->t, &(struct note){"rule", "tried as rule", TRACE_NONE, 0});
	assert_int_equal(redact_plan(&s->t, &s->r, &red), 0);
	assert_int_equal(redact_trace(&red, &s->t), 0);
	assert_string_equal(s->t.users[0].name, "root");
	assert_string_equal(s->t.users[1].name, "user-1");
	assert_string_equal(s->t.connects[0].user, "user-1");
	assert_string_equal(s->t.notes[1].kind, "rule");
	assert_string_equal(s->t.notes[1].text, "tried as user-1");
	redact_prose(&red, "--as-user=rule -o /home/rule/out", &text);
	assert_string_equal(text_str(&text), "--as-user=user-1 -o /home/user-1/out");
	text_free(&text);
	redact_key(&red, &text);
	assert_non_null(strstr(text_str(&text), "user-1 = rule\n"));
	text_free(&text);
	redact_free(&red);
	free_case(s);
}

static void test_record(void **state)
{
	struct about about;
	struct sample *s = hostile_case(&about);
	json_t *list = json_array(), *again;
	struct record record;

	(void)state;
	about.clock = (struct about_clock){true, true, 1500, 250000};
	assert_int_equal(json_array_append_new(list, record_encode(&s->run, &s->t)), 0);
	assert_true(record_decode(list, &record));
	assert_true(record.found);
	again = record_encode(&record.run, &s->t);
	/* How the run went is in the trace; everything else must come back. */
	json_object_del(json_object_get(again, "run"), "started");
	json_object_del(json_object_get(again, "run"), "duration_ms");
	json_object_del(json_object_get(again, "run"), "stop");
	json_object_del(json_object_get(json_array_get(list, 0), "run"), "started");
	json_object_del(json_object_get(json_array_get(list, 0), "run"), "duration_ms");
	json_object_del(json_object_get(json_array_get(list, 0), "run"), "stop");
	json_object_del(json_object_get(json_array_get(list, 0), "run"), "capture");
	json_object_del(json_object_get(again, "run"), "capture");
	assert_true(json_equal(again, json_array_get(list, 0)));
	json_decref(again);
	json_decref(list);
	record_free(&record);
	free_case(s);
}

static void test_broken_record(void **state)
{
	static const char *const rows[] = {
		"[]",
		"[{\"fact\": \"about\"}]",
		"[{\"fact\": \"about\", \"run\": 5}]",
		"{\"fact\": \"about\"}",
		"[[\"about\"]]",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *facts = json_loads(rows[i], 0, NULL);
		struct record record;

		assert_non_null(facts);
		assert_true(record_decode(facts, &record));
		assert_false(record.found);
		record_free(&record);
		json_decref(facts);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),   cmocka_unit_test(test_trace),
		cmocka_unit_test(test_rules),  cmocka_unit_test(test_accounts),
		cmocka_unit_test(test_record), cmocka_unit_test(test_broken_record),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
