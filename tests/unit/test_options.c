/* SPDX-License-Identifier: BSD-2-Clause */
#include "between.h"
#include "cli/command.h"
#include "cli/options.h"
#include "cli/parts.h"
#include "infer/result/terms.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define WORDS_MAX	32
#define LINE_TEXT_BYTES 512

/* A command line as argv; the words live in buf. */
struct line {
	char buf[LINE_TEXT_BYTES];
	char *argv[WORDS_MAX + 1];
};

static void line_init(struct line *l, const char *text)
{
	char *rest = l->buf;
	int n = 0;

	snprintf(l->buf, sizeof(l->buf), "whoblocks %s", text);
	for (char *word; n < WORDS_MAX && (word = strsep(&rest, " "));)
		if (*word != '\0')
			l->argv[n++] = word;
	l->argv[n] = NULL;
}

static int parse(struct options *o, enum command_bit command, struct line *l, const char *text,
		 struct err *err)
{
	line_init(l, text);
	return options_parse(o, command, l->argv, 1, err);
}

/* Where a build lacks an option's part, it may say that alone. */
static void refused_lines(void **state)
{
	static const struct {
		enum command_bit command;
		const char *line;
		const char *says; /* part of the message */
	} cases[] = {
		{COMMAND_PROBE, "-p 0", "--port PORT: '0'"},
		{COMMAND_PROBE, "-p 65536", "'65536'"},
		{COMMAND_PROBE, "-p 587x", "'587x'"},
		{COMMAND_PROBE, "-p +587", "'+587'"},
		{COMMAND_PROBE, "-p -1", "'-1'"},
		{COMMAND_PROBE, "-p 99999999999999999999", "'99999999999999999999'"},
		{COMMAND_PROBE, "-p", "--port needs a value"},
		{COMMAND_PROBE, "--control 993,993", "port 993 stands twice"},
		{COMMAND_PROBE, "--control 993,", "'' is no port"},
		{COMMAND_PROBE, "--control 993,0", "'0' is no port"},
		{COMMAND_PROBE, "--control 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17",
		 "more than 16 ports"},
		{COMMAND_PROBE, "--control 123456789", "no list of ports"},
		{COMMAND_PROBE, "--flows 0", "--flows N: '0'"},
		{COMMAND_PROBE, "--max-rate 100001", "from 1 to 100000"},
		{COMMAND_PROBE, "--budget 0.4", "from 0.5 to 3600"},
		{COMMAND_PROBE, "--budget 3601", "'3601'"},
		{COMMAND_PROBE, "--budget 1.2345", "'1.2345'"},
		{COMMAND_PROBE, "--budget 1.", "'1.'"},
		{COMMAND_PROBE, "--budget .5", "'.5'"},
		{COMMAND_PROBE, "--budget 1e3", "'1e3'"},
		{COMMAND_PROBE, "--color blue", "'blue' is none of"},
		{COMMAND_PROBE, "--json=yes", "--json: 'yes' is neither 'line' nor 'flat'"},
		{COMMAND_PROBE, "--quiet=yes", "--quiet takes no value"},
		{COMMAND_PROBE, "--no-such", "'--no-such'"},
		{COMMAND_PROBE, "-Z", "unknown option '-Z'"},
		{COMMAND_PROBE, "-4 -6", "exclude each other"},
		{COMMAND_PROBE, "--only", "--only needs a HOST"},
		{COMMAND_PROBE, "--client 192.0.2.1", "'probe' does not take the option --client"},
		{COMMAND_PROBE, "--interval 0.999", "from 1 to 86400"},
		{COMMAND_PROBE, "--public-address here", "no IPv4 or IPv6 address"},
		{COMMAND_PROBE, "--public-address 192.168.1.1", "no address that the internet"},
		{COMMAND_PROBE, "--format html", "'probe' does not take the option --format"},
		{COMMAND_REPORT, "--format pdf f", "'pdf' is none of"},
		{COMMAND_REPORT, "", "'report' needs a FILE"},
		{COMMAND_PROBE, "a.example servers", "the command 'servers' must be the first"},
		{COMMAND_PROBE, "a..example", "HOST 'a..example'"},
		{COMMAND_REPLAY, "", "'replay' needs a FILE"},
		{COMMAND_REPLAY, "--client 192.0.2.256 f", "no IPv4 or IPv6 address"},
		{COMMAND_REPLAY, "-w out f", "'replay' does not take the option --write"},
		{COMMAND_SERVERS, "extra", "'servers' takes no argument: 'extra'"},
		{COMMAND_WATCH, "--interval 299", "every 300 seconds at most"},
		{COMMAND_WATCH, "--interval 299 mail.example.org", "every 300 seconds at most"},
		{COMMAND_WATCH, "--interval 59 --only mail.example.org",
		 "every 60 seconds at most"},
		{COMMAND_WATCH, "--rounds 2", "'watch' does not take the option --rounds"},
		{COMMAND_WATCH, "--listen mail.example.org:9", "no address with a port"},
		{COMMAND_WATCH, "--listen 192.0.2.1", "no address with a port"},
		{COMMAND_WATCH, "--keep 0", "from 1 to"},
		{COMMAND_HISTORY, "--since yesterday", "no time"},
		{COMMAND_HISTORY, "--since 7x", "no time"},
		{COMMAND_HISTORY, "--since 2026-13-01", "no time"},
		{COMMAND_HISTORY, "--format ticket", "'history' has the formats"},
		{COMMAND_HISTORY, "extra", "'history' takes no argument"},
		{COMMAND_REPORT, "--format csv f", "has no format csv"},
		{COMMAND_CHECK, "-w open,shut", "no list of states"},
		{COMMAND_CHECK, "-t 1", "from 2 to"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct options o;
		struct line l;
		struct err err = {0};

		if (parse(&o, cases[i].command, &l, cases[i].line, &err) == 0)
			fail_msg("'%s' was taken", cases[i].line);
		if (!strstr(err.msg, cases[i].says) && !strstr(err.msg, "it was built with"))
			fail_msg("'%s': no '%s' in '%s'", cases[i].line, cases[i].says, err.msg);
		assert_int_equal(err.code, EXIT_USAGE);
		options_free(&o);
	}
}

static const struct {
	const char *word;
	const char *name; /* NULL: refused */
	uint8_t family;	  /* 0: a name */
	uint16_t port;
} host_cases[] = {
	{"mail.example.org", "mail.example.org", 0, 0},
	{"mail.example.org.", "mail.example.org.", 0, 0},
	{"mail.example.org:2587", "mail.example.org", 0, 2587},
	{"under_score.example", "under_score.example", 0, 0},
	{"xn--bcher-kva.example", "xn--bcher-kva.example", 0, 0},
	{"localhost", "localhost", 0, 0},
	{"192.0.2.1", "192.0.2.1", 4, 0},
	{"192.0.2.1:465", "192.0.2.1", 4, 465},
	{"2001:db8::1", "2001:db8::1", 6, 0},
	{"::1", "::1", 6, 0},
	{"[2001:db8::1]", "2001:db8::1", 6, 0},
	{"[2001:db8::1]:587", "2001:db8::1", 6, 587},
	{"", NULL, 0, 0},
	{".", NULL, 0, 0},
	{"-a.example", NULL, 0, 0},
	{"a-.example", NULL, 0, 0},
	{"a b", NULL, 0, 0},
	{"a/b", NULL, 0, 0},
	{"b\xc3\xbc"
	 "cher.example:25",
	 "xn--bcher-kva.example", 0, 25},
	{"b\xc3.example", NULL, 0, 0},
	{"\xe2\x80\xa8.example", NULL, 0, 0},
	{"a\033[2J", NULL, 0, 0},
	{"192.0.2", NULL, 0, 0},
	{"192.0.2.300", NULL, 0, 0},
	{"mail.example.org:", NULL, 0, 0},
	{"mail.example.org:0", NULL, 0, 0},
	{"mail.example.org:65536", NULL, 0, 0},
	{"mail.example.org:smtp", NULL, 0, 0},
	{"[192.0.2.1]:25", NULL, 0, 0},
	{"[mail.example.org]:25", NULL, 0, 0},
	{"[2001:db8::1", NULL, 0, 0},
	{"[2001:db8::1]587", NULL, 0, 0},
	{"2001:db8::g", NULL, 0, 0},
	{":587", NULL, 0, 0},
};

static void hosts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(host_cases) / sizeof(host_cases[0]); i++) {
		struct host_arg host;
		struct err err = {0};
		int result = options_host(host_cases[i].word, &host, &err);

		if (!host_cases[i].name) {
			if (result == 0)
				fail_msg("'%s' was taken", host_cases[i].word);
			assert_int_equal(err.code, EXIT_USAGE);
			assert_non_null(strstr(err.msg, host_cases[i].word));
			continue;
		}
		/* An international name, in a build that looks up none. */
		if (result && strstr(err.msg, "it was built with"))
			continue;
		if (result)
			fail_msg("'%s' was refused: %s", host_cases[i].word, err.msg);
		assert_string_equal(host.name, host_cases[i].name);
		assert_int_equal(host.addr.family, host_cases[i].family);
		assert_int_equal(host.port, host_cases[i].port);
	}
}

static void long_hosts(void **state)
{
	static const struct {
		size_t label; /* bytes of each label */
		size_t n;     /* labels */
		int result;
	} cases[] = {{63, 1, 0}, {64, 1, -1}, {50, 4, 0}, {62, 4, 0}, {63, 4, -1}, {9, 40, -1}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char word[512] = "";
		struct host_arg host;
		struct err err;

		for (size_t n = 0; n < cases[i].n; n++) {
			size_t at = strlen(word);

			if (at > 0)
				word[at++] = '.';
			memset(word + at, 'a', cases[i].label);
			word[at + cases[i].label] = '\0';
		}
		assert_int_equal(options_host(word, &host, &err), cases[i].result);
	}
}

static void defaults(void **state)
{
	struct options o;
	struct line l;
	struct err err;

	(void)state;
	assert_int_equal(parse(&o, COMMAND_PROBE, &l, "", &err), 0);
	assert_int_equal(o.port, 587);
	assert_false(o.port_given);
	assert_true(o.ipv4 && o.ipv6);
	assert_int_equal(o.controls_n, 0);
	assert_int_equal(o.flows, 2);
	assert_int_equal(o.max_rate, 500);
	assert_int_equal(o.budget_ms, 15000);
	assert_int_equal(o.hosts_n, 0);
	assert_null(o.write);
	assert_false(o.json || o.only || o.quiet || o.help);
	options_free(&o);
}

static void everything(void **state)
{
	struct options o;
	struct line l;
	struct err err;

	(void)state;
	assert_int_equal(parse(&o, COMMAND_PROBE, &l,
			       "a.example -6 -p 2587 --control 993,443 -i eth0 --servers list "
			       "--only --all-addresses --flows 8 --max-rate 100 --budget 2.05 "
			       "-w f.pcapng -jn --no-smtp --networks net -q --color never "
			       "-- [2001:db8::1]:25",
			       &err),
			 0);
	assert_int_equal(o.port, 2587);
	assert_true(o.port_given && o.ipv6 && !o.ipv4);
	assert_int_equal(o.controls_n, 2);
	assert_int_equal(o.controls[0], 993);
	assert_int_equal(o.controls[1], 443);
	assert_string_equal(o.interface, "eth0");
	assert_string_equal(o.servers_file, "list");
	assert_true(o.only && o.all_addresses && o.json && o.no_dns && o.no_smtp && o.quiet);
	assert_int_equal(o.flows, 8);
	assert_int_equal(o.max_rate, 100);
	assert_int_equal(o.budget_ms, 2050);
	assert_string_equal(o.write, "f.pcapng");
	assert_string_equal(o.networks_file, "net");
	assert_int_equal(o.color, COLOR_NEVER);
	assert_int_equal(o.hosts_n, 2);
	assert_string_equal(o.hosts[0].name, "a.example");
	assert_int_equal(o.hosts[1].port, 25);
	options_free(&o);
}

static void files(void **state)
{
	struct options o;
	struct line l;
	struct err err;

	(void)state;
	assert_int_equal(parse(&o, COMMAND_REPLAY, &l, "-p 25 a.pcap --client 2001:db8::9 -", &err),
			 0);
	assert_int_equal(o.files_n, 2);
	assert_string_equal(o.files[0], "a.pcap");
	assert_string_equal(o.files[1], "-");
	assert_int_equal(o.client.family, 6);
	options_free(&o);
}

/* No two options share a name or a letter, and every row can be set. */
static void table_is_sound(void **state)
{
	size_t n;
	const struct option_row *rows = options_table(&n);

	(void)state;
	assert_between(n, 30, 96); /* options_parse() has room for 96 */
	for (size_t i = 0; i < n; i++) {
		assert_non_null(rows[i].set);
		assert_int_not_equal(rows[i].commands, 0);
		for (size_t k = 0; k < i; k++) {
			assert_string_not_equal(rows[i].name, rows[k].name);
			assert_true(rows[i].letter == 0 || rows[i].letter != rows[k].letter ||
				    !(rows[i].commands & rows[k].commands));
		}
	}
}

/* Where metrics are asked for. */
static void listening(void **state)
{
	struct options o;
	struct line l;
	struct err err = {0};

	(void)state;
	if (parts_need(PART_METRICS, "--listen", &err) != 0)
		skip();
	assert_int_equal(parse(&o, COMMAND_WATCH, &l, "--listen 9587 --interval 300", &err), 0);
	assert_int_equal(o.watch.listen.port, 9587);
	assert_int_equal(o.watch.listen.addr.family, 4);
	assert_int_equal(o.watch.listen.addr.b[0], 127);
	assert_string_equal(o.watch.subject, "default");
	options_free(&o);
	assert_int_equal(parse(&o, COMMAND_WATCH, &l, "--listen [::1]:80 --name site", &err), 0);
	assert_int_equal(o.watch.listen.addr.family, 6);
	assert_true(o.watch.subject_given);
	options_free(&o);
}

/* What watch, history and check take; letters mean other things to them. */
static void watching(void **state)
{
	struct options o;
	struct line l;
	struct err err = {0};

	(void)state;
	assert_int_equal(parse(&o, COMMAND_CHECK, &l, "-w open,unknown -c closed -t 30", &err), 0);
	assert_int_equal(o.watch.warning, 1U << STATE_OPEN | 1U << STATE_UNKNOWN);
	assert_int_equal(o.watch.critical, 1U << STATE_CLOSED);
	assert_int_equal(o.watch.timeout_ms, 30000);
	options_free(&o);
	assert_int_equal(parse(&o, COMMAND_HISTORY, &l, "--since 2026-11-30T12:30 --csv", &err), 0);
	assert_true(o.watch.since.at_s == 1796041800);
	assert_int_equal(o.format, FORMAT_CSV);
	options_free(&o);
	assert_int_equal(parse(&o, COMMAND_HISTORY, &l, "--since 36h", &err), 0);
	assert_true(o.watch.since.ago_s == 36 * 3600);
	options_free(&o);
	assert_int_equal(parse(&o, COMMAND_PROBE, &l, "-w f", &err), 0);
	assert_string_equal(o.write, "f");
	options_free(&o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refused_lines),  cmocka_unit_test(hosts),
		cmocka_unit_test(long_hosts),	  cmocka_unit_test(defaults),
		cmocka_unit_test(everything),	  cmocka_unit_test(files),
		cmocka_unit_test(table_is_sound), cmocka_unit_test(listening),
		cmocka_unit_test(watching),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
