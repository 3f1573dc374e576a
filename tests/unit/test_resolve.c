/* SPDX-License-Identifier: BSD-2-Clause */
#include "between.h"
#include "dns_server.h"
#include "io/host/clock.h"
#include "io/names/resolve.h"
#include "io/names/reverse.h"
#include "io/names/translators.h"
#include "temp_dir.h"
#include <sys/wait.h>

#define SECOND	1000000000LL
#define TURNS	50 /* looks at what has come, each at most so long */
#define TURN_MS 500

static const struct dns_row rows[] = {
	{"mail.example", DNS_TYPE_A, "192.0.2.1"},
	{"mail.example", DNS_TYPE_A, "192.0.2.2"},
	{"mail.example", DNS_TYPE_AAAA, "2001:db8::1"},
	{"mail.example", DNS_TYPE_AAAA, "2001:db8::2"},
	{"v4only.example", DNS_TYPE_A, "192.0.2.3"},
	{"slow.example", DNS_TYPE_A, NULL},
	{"ipv4only.arpa", DNS_TYPE_AAAA, "64:ff9b::192.0.0.170"},
	{"ipv4only.arpa", DNS_TYPE_AAAA, "64:ff9b::192.0.0.171"},
	{"ipv4only.arpa", DNS_TYPE_AAAA, "2001:db8:64::192.0.0.171"},
	{"ipv4only.arpa", DNS_TYPE_AAAA, "2001:db8::1"},
	{"1.2.0.192.in-addr.arpa", DNS_TYPE_PTR, "gw.example"},
	{"9.2.0.192.in-addr.arpa", DNS_TYPE_PTR, NULL},
};

static void check(const struct resolve_host *host, const char *const want[4])
{
	char text[ADDR_TEXT_BYTES];
	size_t n = 0;

	for (; n < 4 && want[n]; n++) {
		assert_true(n < host->addrs_n);
		assert_string_equal(addr_text(&host->addrs[n], text), want[n]);
	}
	assert_int_equal(host->addrs_n, n);
}

/* A name server with the rows above, which this process asks. */
static pid_t begin_serving(void)
{
	own_names(folder);
	return dns_serve(rows, COUNT(rows));
}

static void end_serving(pid_t server)
{
	kill(server, SIGKILL);
	waitpid(server, NULL, 0);
}

static void forward(void **state)
{
	static const struct {
		struct resolve_host question;
		enum resolve_outcome outcome;
		const char *addrs[4];
	} cases[] = {
		{{.name = "192.0.2.9", .ipv4 = true, .ipv6 = true}, RESOLVE_FOUND, {"192.0.2.9"}},
		{{.name = "192.0.2.9", .ipv6 = true}, RESOLVE_NONE, {NULL}},
		{{.name = "2001:db8::9", .ipv6 = true}, RESOLVE_FOUND, {"2001:db8::9"}},
		{{.name = "byhand.example", .ipv4 = true}, RESOLVE_FOUND, {"192.0.2.80"}},
		{{.name = "mail.example", .ipv4 = true, .ipv6 = true},
		 RESOLVE_FOUND,
		 {"192.0.2.1", "2001:db8::1"}},
		{{.name = "mail.example", .ipv4 = true, .ipv6 = true, .all = true},
		 RESOLVE_FOUND,
		 {"192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8::2"}},
		{{.name = "mail.example", .ipv6 = true}, RESOLVE_FOUND, {"2001:db8::1"}},
		{{.name = "v4only.example", .ipv4 = true, .ipv6 = true},
		 RESOLVE_FOUND,
		 {"192.0.2.3"}},
		{{.name = "v4only.example", .ipv6 = true}, RESOLVE_NONE, {NULL}},
		{{.name = "nowhere.example", .ipv4 = true, .ipv6 = true}, RESOLVE_NONE, {NULL}},
		{{.name = "slow.example", .ipv4 = true, .ipv6 = true}, RESOLVE_LATE, {NULL}},
		{{.name = "bad..name", .ipv4 = true}, RESOLVE_NONE, {NULL}},
		{{.name = "", .ipv4 = true}, RESOLVE_NONE, {NULL}},
	};
	struct resolve_host hosts[COUNT(cases)];
	int64_t start_ns, took_ns;
	struct err err;
	pid_t server;

	(void)state;
	server = begin_serving();
	for (size_t i = 0; i < COUNT(cases); i++)
		hosts[i] = cases[i].question;
	start_ns = clock_mono_ns();
	assert_int_equal(resolve_hosts(hosts, COUNT(cases), SECOND, &err), 0);
	took_ns = clock_mono_ns() - start_ns;
	/* The one that never answers costs the whole wait, and no more. */
	assert_between(took_ns, SECOND - SECOND / 100, SECOND + SECOND / 2);
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_int_equal(hosts[i].outcome, cases[i].outcome);
		assert_true((hosts[i].why == NULL) == (hosts[i].outcome == RESOLVE_FOUND));
		check(&hosts[i], cases[i].addrs);
	}
	end_serving(server);
}

static void no_resolver(void **state)
{
	struct resolve_host host = {.name = "mail.example", .ipv4 = true};
	int64_t start_ns = clock_mono_ns();
	struct err err;

	(void)state;
	own_names(folder);
	assert_int_equal(resolve_hosts(&host, 1, SECOND, &err), 0);
	assert_int_equal(host.outcome, RESOLVE_FAILED);
	assert_string_equal(host.why, "no resolver answers");
	/* A refusal is known at once. */
	assert_between(clock_mono_ns() - start_ns, 0, SECOND / 2);
	assert_int_equal(resolve_hosts(NULL, 0, SECOND, &err), 0);
}

static void reverse(void **state)
{
	static const struct {
		const char *addr, *name; /* NULL: none */
	} cases[] = {
		{"192.0.2.1", "gw.example"},	  {"192.0.2.2", NULL},	{"192.0.2.9", NULL},
		{"192.0.2.80", "byhand.example"}, {"2001:db8::", NULL},
	};
	struct addr addr = {0}, twice[COUNT(cases)];
	struct reverse *r;
	struct err err;
	size_t at = 0;
	pid_t server;

	(void)state;
	server = begin_serving();
	r = reverse_open(&err);
	assert_non_null(r);
	reverse_ask(r, &addr);
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_true(addr_parse(cases[i].addr, &twice[i]));
		reverse_ask(r, &twice[i]);
		reverse_ask(r, &twice[i]);
	}
	assert_int_equal(reverse_asked(r), COUNT(cases));
	reverse_step(r, SECOND / 2);
	for (size_t i = 0; i < COUNT(cases); i++) {
		if (!cases[i].name)
			continue;
		assert_string_equal(reverse_next(r, &at, &addr), cases[i].name);
		assert_true(addr_equal(&addr, &twice[i]));
	}
	assert_null(reverse_next(r, &at, &addr));
	reverse_close(r);
	end_serving(server);
}

/* Each prefix once, and none of what is of no translator's form. */
static void translators(void **state)
{
	static const char *const wanted[] = {"64:ff9b::/96", "2001:db8:64::/96"};
	struct prefix found, want;
	struct translators *t;
	struct err err;
	size_t at = 0;
	pid_t server;

	(void)state;
	server = begin_serving();
	t = translators_open(&err);
	assert_non_null(t);
	assert_false(translators_asked(t));
	for (int i = 0; i < TURNS && !translators_next(t, &(size_t){0}, &found); i++)
		translators_step(t, TURN_MS);
	assert_true(translators_asked(t));
	for (size_t i = 0; i < COUNT(wanted); i++) {
		assert_true(prefix_parse(wanted[i], &want));
		assert_true(translators_next(t, &at, &found));
		assert_int_equal(found.len, want.len);
		assert_true(addr_equal(&found.addr, &want.addr));
	}
	assert_false(translators_next(t, &at, &found));
	translators_close(t);
	end_serving(server);
}

static int clean_up(void **state)
{
	static const char *const names[] = {"resolv.conf", "hosts", "nsswitch.conf"};
	char path[2 * TEMP_PATH_BYTES];

	for (size_t i = 0; i < COUNT(names); i++)
		unlink(temp_path(path, folder, names[i]));
	return tear_down(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forward),
		cmocka_unit_test(no_resolver),
		cmocka_unit_test(reverse),
		cmocka_unit_test(translators),
	};

	return cmocka_run_group_tests(tests, set_up, clean_up);
}
