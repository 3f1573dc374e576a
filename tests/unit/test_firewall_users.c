/* SPDX-License-Identifier: BSD-2-Clause */
/* Whom rules of this host tell apart. */
#include "io/host/firewall.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka needs the three above first */
#include <cmocka.h>

#define USERS_MAX 3

struct row {
	const char *text;
	bool by_owner;
	uint32_t uids[USERS_MAX + 1]; /* 0: no more */
};

static const struct row rows[] = {
	{"meta skuid 70001 tcp dport 587 drop", true, {70001}},
	{"meta skuid != 0 tcp dport 587 reject", true, {0}},
	{"meta skuid != { 0, 70001 } tcp dport 587 reject", true, {0}},
	{"meta skuid { 0, 70001, 70002-70009 } drop", true, {70001, 70002}},
	{"meta skuid 70001-70009 drop", true, {70001}},
	{"meta skuid @mailers drop", true, {0}},
	{"meta skuid > 999 drop", true, {0}},
	/* One of the four is too many. */
	{"meta skuid { 70001, 70002, 70003, 70004 } drop", true, {70001, 70002, 70003}},
	{"-A OUTPUT -p tcp --dport 587 -m owner --uid-owner 70001 -j REJECT", true, {70001}},
	{"-A OUTPUT -p tcp --dport 587 -m owner ! --uid-owner 0 -j REJECT", true, {0}},
	{"-A OUTPUT -p tcp --dport 587 -m owner --uid-owner 0 -j REJECT", true, {0}},
	/* No user has that group; a rule before this one spares some. */
	{"-A OUTPUT -p tcp --dport 587 -m owner --gid-owner 70001 -j DROP", true, {0}},
	{"-A SMTPOUTPUT -p tcp -m multiport --dports 25,587 -j LOGDROPOUT", true, {0}},
	{"ip rule: 100: from all dport 587 uidrange 70001-70009 lookup 9", true, {70001}},
	{"-A OUTPUT -p tcp --dport 587 -m owner --uid-owner 99999999999 -j DROP", true, {0}},
	{"meta skuid", true, {0}},
	{"meta skuid 70001 tcp dport 587 drop", false, {0}},
};

static void named(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct filter_rule rule = {.by_owner = rows[i].by_owner, .text = rows[i].text};
		struct caller users[USERS_MAX];
		struct trace t;
		size_t wanted = 0;

		trace_init(&t);
		assert_true(trace_add_filter_rule(&t, &rule));
		size_t n = firewall_users(&t, users, USERS_MAX);
		while (rows[i].uids[wanted])
			wanted++;
		if (n != wanted)
			print_error("row %zu: %zu users\n", i, n);
		assert_int_equal(n, wanted);
		for (size_t u = 0; u < n; u++)
			assert_int_equal(users[u].uid, rows[i].uids[u]);
		trace_free(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(named)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
