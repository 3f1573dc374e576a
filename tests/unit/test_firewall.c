/* SPDX-License-Identifier: BSD-2-Clause */
/* What firewall tools print: rules that name the port, what they do, what would allow it. */
#include "io/host/firewall_rules.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
/* cmocka needs the four above first */
#include <cmocka.h>

enum tool { NFT, IPTABLES, IP_RULE };

struct rules_row {
	const char *name;
	enum tool tool;
	const char *text;
	int n; /* rules found */
	enum filter_hook hook;
	enum filter_action action;
	bool by_owner, policy;
	const char *quote;   /* part of the first rule's text, "" none */
	const char *command; /* the whole of it, "" not looked at */
};

#define OUT_CHAIN                                                                                  \
	"table inet f { # handle 1\n\tchain out { # handle 2\n\t\ttype filter hook output "        \
	"priority filter; policy accept;\n"
#define END "\t}\n}\n"
#define IPT "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n"

static const struct rules_row rows[] = {
	{"drop", NFT, OUT_CHAIN "\t\ttcp dport 587 drop # handle 7\n" END, 1, HOOK_OUTPUT,
	 FILTER_DROP, false, false, "tcp dport 587 drop",
	 "nft insert rule inet f out handle 7 tcp dport 587 accept"},
	{"another port", NFT, OUT_CHAIN "\t\ttcp dport 25 drop # handle 7\n" END, 0, 0, 0, 0, 0, "",
	 ""},
	{"accepting", NFT, OUT_CHAIN "\t\ttcp dport 587 accept # handle 7\n" END, 0, 0, 0, 0, 0, "",
	 ""},
	{"a range", NFT, OUT_CHAIN "\t\ttcp dport 500-600 reject # handle 7\n" END, 1, HOOK_OUTPUT,
	 FILTER_REJECT, false, false, "500-600", ""},
	{"a list", NFT, OUT_CHAIN "\t\ttcp dport { 25, 465, 587 } drop\n" END, 1, HOOK_OUTPUT,
	 FILTER_DROP, false, false, "{ 25, 465, 587 }", ""},
	{"not in a list", NFT, OUT_CHAIN "\t\ttcp dport != { 80, 443 } drop\n" END, 1, HOOK_OUTPUT,
	 FILTER_DROP, false, false, "!=", ""},
	{"excepted", NFT, OUT_CHAIN "\t\ttcp dport != 587 drop\n" END, 0, 0, 0, 0, 0, "", ""},
	{"reset", NFT, OUT_CHAIN "\t\ttcp dport 587 reject with tcp reset\n" END, 1, HOOK_OUTPUT,
	 FILTER_RESET, false, false, "tcp reset", ""},
	{"owner", NFT, OUT_CHAIN "\t\tmeta skuid 1000 tcp dport 587 reject\n" END, 1, HOOK_OUTPUT,
	 FILTER_REJECT, true, false, "skuid", ""},
	{"set and jump", NFT,
	 "table ip f {\n\tset p {\n\t\ttype inet_service\n\t\telements = { 25,\n\t\t\t 587 }\n\t}\n"
	 "\tchain out {\n\t\ttype filter hook output priority 0; policy accept;\n\t\tjump mail\n"
	 "\t}\n\tchain mail {\n\t\ttcp dport @p drop # handle 9\n" END,
	 1, HOOK_OUTPUT, FILTER_DROP, false, false, "@p",
	 "nft insert rule ip f mail handle 9 tcp dport 587 accept"},
	{"unreachable chain", NFT, "table ip f {\n\tchain x {\n\t\ttcp dport 587 drop\n" END, 0, 0,
	 0, 0, 0, "", ""},
	{"input", NFT,
	 "table inet f {\n\tchain in {\n\t\ttype filter hook input priority 0;\n\t\ttcp sport 587 "
	 "drop # handle 4\n" END,
	 1, HOOK_INPUT, FILTER_DROP, false, false, "sport",
	 "nft insert rule inet f in handle 4 tcp sport 587 accept"},
	{"redirect", NFT,
	 "table ip n {\n\tchain o {\n\t\ttype nat hook output priority -100;\n\t\ttcp dport 587 "
	 "redirect to :2525\n" END,
	 1, HOOK_NAT, FILTER_REDIRECT, false, false, "2525", ""},
	{"device", NFT,
	 "table netdev d {\n\tchain e {\n\t\ttype filter hook egress device \"eth0\" priority 0;\n"
	 "\t\ttcp dport 587 drop\n" END,
	 1, HOOK_EGRESS, FILTER_DROP, false, false, "netdev", ""},
	{"policy", NFT,
	 "table inet f {\n\tchain out {\n\t\ttype filter hook output priority 0; policy drop;\n"
	 "\t\ttcp dport 443 accept\n" END,
	 1, HOOK_OUTPUT, FILTER_DROP, false, true, "policy drop",
	 "nft insert rule inet f out tcp dport 587 accept"},
	{"bridge", NFT,
	 "table bridge b {\n\tchain o {\n\t\ttype filter hook output priority 0;\n\t\ttcp dport "
	 "587 "
	 "drop\n" END,
	 0, 0, 0, 0, 0, "", ""},
	{"cut in the middle", NFT, OUT_CHAIN "\t\ttcp dport 587 dr", 0, 0, 0, 0, 0, "", ""},
	{"nothing", NFT, "", 0, 0, 0, 0, 0, "", ""},
	{"iptables", IPTABLES, IPT "-A OUTPUT -p tcp -m tcp --dport 587 -j DROP\nCOMMIT\n", 1,
	 HOOK_OUTPUT, FILTER_DROP, false, false, "-A OUTPUT -p tcp -m tcp --dport 587 -j DROP",
	 "iptables -t filter -I OUTPUT -p tcp --dport 587 -j ACCEPT"},
	{"several", IPTABLES,
	 IPT "-A OUTPUT -p tcp -m multiport --dports 25,465,580:590 -j REJECT --reject-with "
	     "tcp-reset\n",
	 1, HOOK_OUTPUT, FILTER_RESET, false, false, "multiport", ""},
	{"all but", IPTABLES, IPT "-A OUTPUT -p tcp ! --dport 25 -j DROP\n", 1, HOOK_OUTPUT,
	 FILTER_DROP, false, false, "! --dport", ""},
	{"own chain", IPTABLES,
	 IPT ":mail - [0:0]\n-A OUTPUT -p tcp -j mail\n-A mail -p tcp --dport 587 -m owner ! "
	     "--uid-owner 0 -j REJECT\n",
	 1, HOOK_OUTPUT, FILTER_REJECT, true, false, "-A mail",
	 "iptables -t filter -I mail -p tcp --dport 587 -j ACCEPT"},
	{"in", IPTABLES, IPT "-A INPUT -p tcp --sport 587 -j DROP\n", 1, HOOK_INPUT, FILTER_DROP,
	 false, false, "--sport", "iptables -t filter -I INPUT -p tcp --sport 587 -j ACCEPT"},
	{"forwarded", IPTABLES, IPT "-A FORWARD -p tcp --dport 587 -j DROP\n", 0, 0, 0, 0, 0, "",
	 ""},
	{"nat", IPTABLES,
	 "*nat\n:OUTPUT ACCEPT [0:0]\n-A OUTPUT -p tcp --dport 587 -j REDIRECT --to-ports 25\n", 1,
	 HOOK_NAT, FILTER_REDIRECT, false, false, "table nat", ""},
	{"policies", IPTABLES, "*filter\n:OUTPUT DROP [0:0]\n", 1, HOOK_OUTPUT, FILTER_DROP, false,
	 true, ":OUTPUT DROP", ""},
	{"route", IP_RULE,
	 "0:\tfrom all lookup local\n32765:\tfrom all ipproto tcp dport 587 prohibit\n", 1,
	 HOOK_ROUTE, FILTER_ROUTE, false, false, "dport 587 prohibit", "ip rule del pref 32765"},
	{"routes", IP_RULE, "100:\tfrom all uidrange 5-9 ipproto tcp dport 500-600 lookup 99\n", 1,
	 HOOK_ROUTE, FILTER_ROUTE, true, false, "lookup 99", "ip rule del pref 100"},
};

static void parse(const struct rules_row *row, struct trace *t)
{
	struct rules_wanted wanted = {.port = 587, .family = row->tool == NFT ? 0 : 4};
	switch (row->tool) {
	case NFT:
		rules_parse_nft(row->text, &wanted, t);
		return;
	case IPTABLES:
		rules_parse_iptables(row->text, &wanted, t);
		return;
	case IP_RULE:
		rules_parse_ip(row->text, &wanted, t);
		return;
	}
}

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct rules_row *row = &rows[i];
		struct trace t;
		trace_init(&t);
		parse(row, &t);
		const struct filter_rule *r = t.filter_rules;
		bool good = t.filter_rules_n == (size_t)row->n;
		if (good && row->n)
			good = r->hook == row->hook && r->action == row->action &&
			       r->by_owner == row->by_owner && r->policy == row->policy &&
			       strstr(r->text, row->quote) &&
			       (!*row->command || strcmp(r->command, row->command) == 0);
		if (!good)
			fail_msg("%s: %zu rules, '%s', '%s'", row->name, t.filter_rules_n,
				 t.filter_rules_n ? r->text : "",
				 t.filter_rules_n ? r->command : "");
		trace_free(&t);
	}
}

/* Any text at all: cut everywhere, and lines without end. */
static void test_damage(void **state)
{
	(void)state;
	static char text[70000];
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct rules_row row = rows[i];
		struct trace t;
		size_t len = strlen(row.text);
		trace_init(&t);
		memcpy(text, row.text, len + 1);
		row.text = text;
		while (len-- > 0) {
			text[len] = '\0';
			parse(&row, &t);
		}
		memset(text, 'd', sizeof(text) - 1);
		parse(&row, &t);
		assert_false(t.failed);
		trace_free(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_damage),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
