/* SPDX-License-Identifier: BSD-2-Clause */
#include "between.h"
#include "data/data.h"
#include "io/names/known.h"
#include "io/names/networks.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define INPUT_CODE 4

static int parse_known(const char *text, struct known_list *list, struct err *err)
{
	return known_parse(text, strlen(text), "list", list, err);
}

static void known_refused(void **state)
{
	static const struct {
		const char *text;
		const char *says;
	} cases[] = {
		{"", "no server in 'list'"},
		{"# nothing\n\n", "no server"},
		{"a.example\n", "list:1: at least HOST, PORT and control ports"},
		{"# x\n\na.example 587\n", "list:3: at least"},
		{"a.example\t0\t993", "'0' is no port"},
		{"a.example\t65536\t993", "'65536' is no port"},
		{"a.example\t587\t993,", "'' is no port"},
		{"a.example\t587\t993,993", "port 993 stands twice"},
		{"a.example\t587\t587", "port 587 stands twice"},
		{"a.example\t587\t1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17", "more than 16"},
		{"a..example 587 993", "'a..example' is neither"},
		{"a.example 587 993 Op ASX", "'ASX' is no AS number"},
		{"a.example 587 993 Op 4294967296", "'4294967296' is no AS number"},
		{"a.example 587 993\nA.EXAMPLE 587 995\n", "list:2: 'A.EXAMPLE' with port 587"},
		{"a.example 587 993\033[2J", "control character (\\x1b)"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct known_list list;
		struct err err = {0};

		if (parse_known(cases[i].text, &list, &err) == 0)
			fail_msg("'%s' was taken", cases[i].text);
		if (!strstr(err.msg, cases[i].says))
			fail_msg("no '%s' in '%s'", cases[i].says, err.msg);
		assert_int_equal(err.code, INPUT_CODE);
		assert_int_equal(list.n, 0);
		assert_null(list.servers);
	}
}

static void known_forms(void **state)
{
	static const char text[] = "\xef\xbb\xbf# a comment\r\n"
				   "a.example\t587\t993,465\tAn Operator\t64500\ta note, free\r\n"
				   "\n"
				   "  b.example 2587 443 Op AS64501 the rest is the note\n"
				   "2001:db8::1\t587\t-\t\t0\n"
				   "c.example 587 80";
	struct known_list list;
	struct err err = {0};

	(void)state;
	if (parse_known(text, &list, &err))
		fail_msg("%s", err.msg);
	assert_int_equal(list.n, 4);
	assert_string_equal(list.servers[0].host, "a.example");
	assert_int_equal(list.servers[0].controls_n, 2);
	assert_int_equal(list.servers[0].controls[1], 465);
	assert_string_equal(list.servers[0].owner, "An Operator");
	assert_int_equal(list.servers[0].asn, 64500);
	assert_string_equal(list.servers[0].note, "a note, free");
	assert_int_equal(list.servers[1].port, 2587);
	assert_string_equal(list.servers[1].owner, "Op");
	assert_int_equal(list.servers[1].asn, 64501);
	assert_string_equal(list.servers[1].note, "the rest is the note");
	assert_int_equal(list.servers[2].controls_n, 0);
	assert_null(list.servers[2].owner);
	assert_null(list.servers[2].note);
	assert_string_equal(list.servers[3].host, "c.example");
	assert_null(list.servers[3].owner);
	known_free(&list);
}

static bool is_submission(uint16_t port)
{
	return port == 2525 || port == 465 || port == 25;
}

/* Ports that are no submission ports come first, and the remarks on operators are heeded. */
static void check_builtin(const struct known_server *s)
{
	bool submission = false;

	for (size_t k = 0; k < s->controls_n; k++) {
		if (submission && !is_submission(s->controls[k]))
			fail_msg("%s: port %u comes too late", s->host, s->controls[k]);
		submission = submission || is_submission(s->controls[k]);
		if (s->controls[k] == 465)
			assert_true(strcmp(s->host, "smtp.postmarkapp.com") != 0 &&
				    strcmp(s->host, "smtp.office365.com") != 0);
	}
	assert_non_null(s->owner);
	assert_int_equal(s->port, 587);
}

static void known_builtin(void **state)
{
	struct known_list list;
	struct err err = {0};
	size_t operators = 0;

	(void)state;
	if (known_parse((const char *)data_servers, data_servers_len, "built-in", &list, &err))
		fail_msg("%s", err.msg);
	assert_between(list.n, 25, KNOWN_SERVERS_MAX);
	for (size_t i = 0; i < list.n; i++) {
		size_t k = 0;

		check_builtin(&list.servers[i]);
		while (strcmp(list.servers[k].owner, list.servers[i].owner) != 0)
			k++;
		operators += k == i;
		/* What a default run asks: different operators, with a telling control port. */
		if (i < 5) {
			assert_int_equal(k, i);
			assert_false(is_submission(list.servers[i].controls[0]));
		}
	}
	assert_between(operators, 12, list.n);
	known_free(&list);
}

/* Writes a new file whose name begins as path does, and completes path. */
static void write_file(char path[], const char *text, size_t len)
{
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, len), len);
	close(fd);
}

static void known_files(void **state)
{
	char good[] = "/tmp/test_known.XXXXXX";
	char large[] = "/tmp/test_known.XXXXXX";
	static char zeros[1024 * 1024 + 1];
	struct known_list list;
	struct err err = {0};

	(void)state;
	assert_int_equal(known_read("/nonexistent/list", &list, &err), -1);
	assert_int_equal(err.code, INPUT_CODE);
	assert_non_null(strstr(err.msg, "'/nonexistent/list': No such file"));
	assert_int_equal(known_read("/", &list, &err), -1);
	assert_int_equal(err.code, INPUT_CODE);

	write_file(good, "a.example 587 993 Op 0\n", strlen("a.example 587 993 Op 0\n"));
	assert_int_equal(known_read(good, &list, &err), 0);
	assert_int_equal(list.n, 1);
	known_free(&list);
	unlink(good);

	write_file(large, zeros, sizeof(zeros));
	assert_int_equal(known_read(large, &list, &err), -1);
	assert_non_null(strstr(err.msg, "too large"));
	unlink(large);
}

static void known_limits(void **state)
{
	struct known_list list;
	struct err err = {0};
	char *text = malloc(32 * (KNOWN_SERVERS_MAX + 1));
	size_t len = 0;

	(void)state;
	assert_non_null(text);
	for (int i = 0; i <= KNOWN_SERVERS_MAX; i++)
		len += (size_t)sprintf(text + len, "h%d.example 587 993\n", i);
	assert_int_equal(known_parse(text, len, "list", &list, &err), -1);
	assert_non_null(strstr(err.msg, "list:4097: more than 4096 servers"));
	/* A NUL byte is a control character, not an end. */
	assert_int_equal(known_parse("a 587 993\0b", 11, "list", &list, &err), -1);
	memset(text, 'a', 2048);
	assert_int_equal(known_parse(text, 2048, "list", &list, &err), -1);
	assert_non_null(strstr(err.msg, "list:1: the line is too long"));
	free(text);
}

static void networks_refused(void **state)
{
	static const struct {
		const char *text;
		const char *says;
	} cases[] = {
		{"192.0.2.0/24", "net:1: a role is missing after '192.0.2.0/24'"},
		{"192.0.2.0/33 isp", "'192.0.2.0/33' is no prefix"},
		{"192.0.2.0/ isp", "is no prefix"},
		{"example.org isp", "is no prefix"},
		{"\n192.0.2.1/24 isp", "net:2: '192.0.2.1/24' has bits beyond its length: "
				       "192.0.2.0/24 is meant?"},
		{"2001:db8::1/32 isp", "2001:db8::/32 is meant?"},
		{"192.0.2.0/24 provider", "'provider' is no role"},
		{"192.0.2.0/24 local-host", "'local-host' is no role"},
		{"192.0.2.0/24 isp\n192.0.2.0/24 transit", "net:2: 192.0.2.0/24 stands twice"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct network_list list;
		struct err err = {0};

		if (networks_parse(cases[i].text, strlen(cases[i].text), "net", &list, &err) == 0)
			fail_msg("'%s' was taken", cases[i].text);
		if (!strstr(err.msg, cases[i].says))
			fail_msg("no '%s' in '%s'", cases[i].says, err.msg);
		assert_int_equal(err.code, INPUT_CODE);
		assert_null(list.networks);
	}
}

static void networks_forms(void **state)
{
	static const struct {
		const char *line;
		enum segment role;
		uint8_t len;
		uint32_t asn;
		const char *name;
	} cases[] = {
		{"192.168.0.0/16 local-network", SEGMENT_LOCAL, 16, 0, NULL},
		{"100.64.0.0/10\tisp\tAS64500\tExample Access", SEGMENT_ISP, 10, 64500,
		 "Example Access"},
		{"198.51.100.7  transit  64501", SEGMENT_TRANSIT, 32, 64501, NULL},
		{"2001:db8::/32 remote 1und1 mail", SEGMENT_REMOTE, 32, 0, "1und1 mail"},
		{"2001:db8:1::/48 isp AStounding", SEGMENT_ISP, 48, 0, "AStounding"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct network_list list;
		struct err err = {0};

		if (networks_parse(cases[i].line, strlen(cases[i].line), "net", &list, &err))
			fail_msg("%s", err.msg);
		assert_int_equal(list.n, 1);
		assert_true(list.networks[0].by_user && list.networks[0].has_role);
		assert_int_equal(list.networks[0].role, cases[i].role);
		assert_int_equal(list.networks[0].prefix.len, cases[i].len);
		assert_int_equal(list.networks[0].asn, cases[i].asn);
		if (cases[i].name)
			assert_string_equal(list.networks[0].name, cases[i].name);
		else
			assert_null(list.networks[0].name);
		networks_free(&list);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_refused),  cmocka_unit_test(known_forms),
		cmocka_unit_test(known_builtin),  cmocka_unit_test(known_files),
		cmocka_unit_test(known_limits),	  cmocka_unit_test(networks_refused),
		cmocka_unit_test(networks_forms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
