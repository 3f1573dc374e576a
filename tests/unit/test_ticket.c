/* SPDX-License-Identifier: BSD-2-Clause */
/* The ticket: its form, whom it addresses, and what it keeps apart. */
#include "evidence_case.h"

#define LINES_MAX   132 /* two pages */
#define COLUMNS_MAX 80

static const struct attachment files[] = {
	{"capture.pcapng", "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"},
	{"result.json", "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"},
};
static const struct attachments attached = {files, 2};

static void print(struct sample *s, struct text *out)
{
	report_ticket(&s->run, &s->t, &s->r, &attached, out);
	assert_false(out->failed);
}

static void check_form(const char *text)
{
	size_t lines = 0;

	check_harmless(text);
	while (*text) {
		size_t n = strcspn(text, "\n");

		assert_true(n <= COLUMNS_MAX);
		for (size_t i = 0; i < n; i++)
			assert_true((unsigned char)text[i] < 0x80);
		assert_true(text[n] == '\n');
		assert_true(n == 0 || text[n - 1] != ' ');
		text += n + 1;
		lines++;
	}
	assert_true(lines <= LINES_MAX);
}

static void test_form(void **state)
{
	(void)state;
	for (size_t i = 0; i < REPORT_CASES; i++) {
		struct sample *s = make_case(i);
		struct text text = {0};

		print(s, &text);
		check_form(text_str(&text));
		/* Braces are for values; none may be left over. */
		if (strcmp(report_cases[i].name, "hostile") != 0)
			assert_null(strchr(text_str(&text), '{'));
		text_free(&text);
		free_case(s);
	}
}

static void test_says(void **state)
{
	static const struct {
		const char *name, *says;
	} rows[] = {
		{"isp-drop", "To: the network operations centre of the access provider\n"},
		{"isp-drop", "Subject: TCP port 587 is blocked in the provider's network\n"},
		{"isp-drop", "sudo tcptraceroute -n 192.0.2.10 587\n"},
		{"isp-drop", "sudo nping --tcp --flags syn --ttl 4 -c 3 -p 587 192.0.2.10\n"},
		{"isp-drop", "openssl s_client -starttls smtp -connect posteo.de:587\n"},
		{"isp-drop", "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n"},
		{"isp-drop", "     3  198.51.100.1  AS64500 Example Access"},
		{"gw-or-isp", "To: the network operations centre"},
		{"gw-or-isp", "the local network (0.50); the provider"},
		{"reset-by-gateway", "To: our own network team\n"},
		{"closed", "To: the postmaster of posteo.de\n"},
		{"local-drop", "To: the administrator of this host\n"},
		{"open", "To: nobody"},
		{"no-network", "To: nobody yet: the evidence does not decide"},
		{"ipv6-only", "sudo traceroute -6 -n -T -p 587 "},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sample *s = make_case(find_case(rows[i].name));
		struct text text = {0};

		print(s, &text);
		if (!strstr(text_str(&text), rows[i].says))
			fail_msg("%s does not say %s:\n%s", rows[i].name, rows[i].says,
				 text_str(&text));
		text_free(&text);
		free_case(s);
	}
}

/* A host with a public address whose first router is the provider's. */
static void test_hosted(void **state)
{
	struct sample *s = make_case(find_case("isp-drop"));
	struct text text = {0};

	(void)state;
	for (size_t i = 0; i < s->t.servers_n; i++) {
		s->t.servers[i].client = sample_addr("192.0.2.200");
		s->hops[i][0].owners = OWNER(SEGMENT_ISP);
	}
	print(s, &text);
	assert_non_null(strstr(text_str(&text), "To: the support of the hosting company\n"));
	text_free(&text);
	free_case(s);
}

static void test_hostile(void **state)
{
	struct about about;
	struct sample *s = hostile_case(&about);
	struct text text = {0};

	(void)state;
	print(s, &text);
	check_form(text_str(&text));
	/* A name that is no host name must not become part of a command. */
	assert_non_null(strstr(text_str(&text), "-connect 192.0.2.10:587\n"));
	text_free(&text);
	free_case(s);
}

static void test_permanent(void **state)
{
	static const struct {
		int64_t apart_s;
		const char *second;
		enum rounds_outcome outcome;
	} rows[] = {
		{600, "blocked", ROUNDS_PERMANENT},
		{599, "blocked", ROUNDS_ALIKE},
		{600, "open", ROUNDS_DIFFER},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct about_round rounds[] = {
			{0, "blocked", "isp", "silent-drop", "", 0.9, NULL},
			{rows[i].apart_s * 1000000000, rows[i].second, "isp", "silent-drop", "",
			 0.9, NULL},
		};
		const struct about about = {.rounds = rounds, .rounds_n = 2};
		struct sample *s = make_case(find_case("isp-drop"));
		struct text text = {0};

		assert_int_equal(about_rounds(&about), rows[i].outcome);
		s->run.about = &about;
		print(s, &text);
		assert_int_equal(strstr(text_str(&text), "permanently") != NULL,
				 rows[i].outcome == ROUNDS_PERMANENT);
		text_free(&text);
		free_case(s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_form),	  cmocka_unit_test(test_says),
		cmocka_unit_test(test_hosted),	  cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_permanent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
