/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * nft's rules: those that name the port, what they do, what would allow it. tests/firewall has rule
 * sets as nft prints them, NAME.json of "nft -nsaj list ruleset" and NAME.nft of the same without
 * j.
 */
#include "io/host/firewall_rules.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
/* cmocka needs the four above first */
#include <cmocka.h>

#define FILE_BYTES 8192
#define QUEUES	   "0 712 opensnitchd\n"

struct nft_row {
	const char *name;
	size_t n; /* rules found */
	enum filter_hook hook;
	enum filter_action action;
	bool by_owner, policy;
	uint8_t family;
	const char *text;    /* the whole of the first rule's, behind its chain */
	const char *command; /* the whole of it, NULL: not looked at */
};

static const struct nft_row rows[] = {
	{"drop", 1, HOOK_OUTPUT, FILTER_DROP, false, false, 0, "tcp dport 587 drop",
	 "nft insert rule inet f out handle 2 tcp dport 587 accept"},
	{"other-port", 0, 0, 0, false, false, 0, "", NULL},
	{"accepting", 0, 0, 0, false, false, 0, "", NULL},
	{"accepting-some", 1, HOOK_OUTPUT, FILTER_DROP, false, false, 0, "tcp dport 1-1024 drop",
	 NULL},
	{"range", 1, HOOK_OUTPUT, FILTER_REJECT, false, false, 0, "tcp dport 500-600 reject", NULL},
	{"list", 1, HOOK_OUTPUT, FILTER_DROP, false, false, 0, "tcp dport { 25, 465, 587 } drop",
	 NULL},
	{"all-but", 1, HOOK_OUTPUT, FILTER_DROP, false, false, 0, "tcp dport != { 80, 443 } drop",
	 NULL},
	{"excepted", 0, 0, 0, false, false, 0, "", NULL},
	{"reset", 1, HOOK_OUTPUT, FILTER_RESET, false, false, 0,
	 "tcp dport 587 reject with tcp reset", NULL},
	{"owner", 1, HOOK_OUTPUT, FILTER_REJECT, true, false, 0,
	 "meta skuid 1000 tcp dport 587 reject", NULL},
	{"owner-spared", 1, HOOK_OUTPUT, FILTER_DROP, true, false, 0, "tcp dport 587 drop", NULL},
	{"udp", 0, 0, 0, false, false, 0, "", NULL},
	{"th", 1, HOOK_OUTPUT, FILTER_DROP, false, false, 0,
	 "meta l4proto { 6, 17 } th dport 587 drop", NULL},
	{"set-and-jump", 1, HOOK_OUTPUT, FILTER_DROP, false, false, 4, "tcp dport @p drop",
	 "nft insert rule ip f mail handle 4 tcp dport 587 accept"},
	{"jump-by-port", 1, HOOK_OUTPUT, FILTER_REJECT, false, false, 4,
	 "counter log reject with icmp 13",
	 "nft insert rule ip f deny handle 3 tcp dport 587 accept"},
	{"returned", 0, 0, 0, false, false, 0, "", NULL},
	{"map", 1, HOOK_OUTPUT, FILTER_DROP, false, false, 0, "tcp dport vmap @m",
	 "nft insert rule inet f out handle 3 tcp dport 587 accept"},
	{"map-range", 1, HOOK_OUTPUT, FILTER_DROP, false, false, 0, "drop", NULL},
	{"map-other", 0, 0, 0, false, false, 0, "", NULL},
	{"pair", 1, HOOK_OUTPUT, FILTER_DROP, false, false, 0,
	 "ip daddr . tcp dport { 192.0.2.2 . 25, 192.0.2.1 . 587 } drop", NULL},
	{"unreachable", 0, 0, 0, false, false, 0, "", NULL},
	{"input", 1, HOOK_INPUT, FILTER_DROP, false, false, 0, "tcp sport 587 drop",
	 "nft insert rule inet f in handle 2 tcp sport 587 accept"},
	{"redirect", 1, HOOK_NAT, FILTER_REDIRECT, false, false, 4,
	 "tcp dport 587 redirect to :2525", NULL},
	{"device", 1, HOOK_EGRESS, FILTER_DROP, false, false, 0, "tcp dport 587 drop", NULL},
	{"policy", 1, HOOK_OUTPUT, FILTER_DROP, false, true, 0,
	 "type filter hook output priority 0; policy drop;",
	 "nft insert rule inet f out tcp dport 587 accept"},
	{"policy-accepted", 0, 0, 0, false, false, 0, "", NULL},
	{"queue", 1, HOOK_OUTPUT, FILTER_QUEUE, false, false, 0,
	 "ct state 0x8 queue flags bypass to 0",
	 "nft insert rule inet opensnitch out handle 3 tcp dport 587 accept"},
	{"bridge", 0, 0, 0, false, false, 0, "", NULL},
};

static void read_file(const char *name, const char *ending, char out[FILE_BYTES])
{
	char path[512];
	FILE *f;
	size_t n;

	snprintf(path, sizeof(path), "%s/firewall/%s.%s", TESTS_DIR, name, ending);
	f = fopen(path, "re");
	assert_non_null(f);
	n = fread(out, 1, FILE_BYTES - 1, f);
	fclose(f);
	assert_true(n >= 1 && n <= FILE_BYTES - 2);
	out[n] = '\0';
}

static bool is_good(const struct nft_row *row, const struct trace *t, const char *quoted)
{
	const struct filter_rule *r = t->filter_rules;
	const char *said;

	if (t->filter_rules_n != row->n || row->n == 0)
		return t->filter_rules_n == row->n;
	said = strstr(r->text, ": ");
	return r->hook == row->hook && r->action == row->action && r->by_owner == row->by_owner &&
	       r->policy == row->policy && r->family == row->family && said &&
	       strcmp(said + 2, quoted) == 0 &&
	       (!row->command || strcmp(r->command, row->command) == 0);
}

static void test_rows(void **state)
{
	static char output[FILE_BYTES], text[FILE_BYTES];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct nft_row *row = &rows[i];
		struct trace t;

		read_file(row->name, "json", output);
		read_file(row->name, "nft", text);
		trace_init(&t);
		rules_parse_nft(output, &(struct rules_wanted){587, 0, text, NULL, QUEUES}, &t);
		if (!is_good(row, &t, row->text))
			fail_msg("%s: %zu rules, '%s', '%s'", row->name, t.filter_rules_n,
				 t.filter_rules_n ? t.filter_rules->text : "",
				 t.filter_rules_n ? t.filter_rules->command : "");
		assert_int_equal(trace_counter(&t, COUNTER_RULES_UNREAD), -1);
		trace_free(&t);
	}
}

/* Without the words of the rules they have numbers. */
static void test_no_words(void **state)
{
	static char output[FILE_BYTES];
	static const char *const said[][2] = {{"drop", "the rule with handle 2"},
					      {"policy", "its policy is to drop"}};

	(void)state;
	for (size_t i = 0; i < sizeof(said) / sizeof(*said); i++) {
		struct trace t;

		read_file(said[i][0], "json", output);
		trace_init(&t);
		rules_parse_nft(output, &(struct rules_wanted){587, 0, NULL, NULL, QUEUES}, &t);
		assert_int_equal(t.filter_rules_n, 1);
		assert_non_null(strstr(t.filter_rules->text, said[i][1]));
		trace_free(&t);
	}
}

/* Both texts cut everywhere, and values of other kinds than nft has. */
static void test_damage(void **state)
{
	static char output[FILE_BYTES], text[FILE_BYTES];
	static const char *const odd[] = {
		"",
		"[]",
		"{\"nftables\": 7}",
		"{\"nftables\": [null, [], {\"chain\": 5}]}",
		"{\"nftables\": [{\"chain\": {\"family\": \"ip\", \"table\": \"t\", \"name\": "
		"\"c\", "
		"\"hook\": \"output\"}}, {\"rule\": {\"family\": \"ip\", \"table\": \"t\", "
		"\"chain\": \"c\", \"expr\": [{\"match\": {\"left\": []}}, {\"vmap\": 3}, "
		"{\"jump\": {\"target\": \"c\"}}, {\"goto\": {}}]}}]}",
	};
	struct trace t;

	(void)state;
	trace_init(&t);
	for (size_t i = 0; i < sizeof(odd) / sizeof(*odd); i++)
		rules_parse_nft(odd[i], &(struct rules_wanted){587, 0, odd[i], NULL, NULL}, &t);
	assert_int_equal(t.filter_rules_n, 0);
	read_file("map-range", "json", output);
	read_file("map-range", "nft", text);
	for (size_t len = strlen(text); len-- > 0;) {
		text[len] = '\0';
		rules_parse_nft(output, &(struct rules_wanted){587, 0, text, NULL, QUEUES}, &t);
	}
	for (size_t len = strlen(output); len-- > 0;) {
		output[len] = '\0';
		rules_parse_nft(output, &(struct rules_wanted){587, 0, text, NULL, QUEUES}, &t);
	}
	assert_false(t.failed);
	assert_int_equal(trace_counter(&t, COUNTER_RULES_UNREAD), 1);
	trace_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_no_words),
		cmocka_unit_test(test_damage),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
