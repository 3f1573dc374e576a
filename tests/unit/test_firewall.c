/* SPDX-License-Identifier: BSD-2-Clause */
/* What firewall tools print: rules that name the port, what they do, what would allow it. */
#include "io/host/firewall_queue.h"
#include "io/host/firewall_rules.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
/* cmocka needs the four above first */
#include <cmocka.h>

enum tool { IPTABLES, IP_RULE, XFRM };

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

#define IPT "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n"

static const struct rules_row rows[] = {
	{"iptables", IPTABLES, IPT "-A OUTPUT -p tcp -m tcp --dport 587 -j DROP\nCOMMIT\n", 1,
	 HOOK_OUTPUT, FILTER_DROP, false, false, "-A OUTPUT -p tcp -m tcp --dport 587 -j DROP",
	 "iptables -t filter -I OUTPUT -p tcp --dport 587 -j ACCEPT"},
	{"cut in the middle", IPTABLES, IPT "-A OUTPUT -p tcp -m tcp --dport 587 -j DR", 0, 0, 0, 0,
	 0, "", ""},
	{"nothing", IPTABLES, "", 0, 0, 0, 0, 0, "", ""},
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
	{"policy behind a rule that spares", IPTABLES,
	 "*filter\n:OUTPUT DROP [0:0]\n-A OUTPUT -p tcp -m tcp --dport 587 -m owner --uid-owner 0 "
	 "-j ACCEPT\n",
	 1, HOOK_OUTPUT, FILTER_DROP, true, true, ":OUTPUT DROP", ""},
	{"redirect behind jumps", IPTABLES,
	 "*nat\n:OUTPUT ACCEPT [0:0]\n:A - [0:0]\n:B - [0:0]\n-A OUTPUT -p tcp -j A\n-A A -d "
	 "127.0.0.1/32 -j RETURN\n-A A -j B\n-A B -p tcp -j REDIRECT --to-ports 15001\n",
	 1, HOOK_NAT, FILTER_REDIRECT, false, false, "15001",
	 "iptables -t nat -I B -p tcp --dport 587 -j ACCEPT"},
	{"chain that drops", IPTABLES,
	 IPT ":LOGDROP - [0:0]\n-A OUTPUT -p tcp --dport 587 -j LOGDROP\n-A LOGDROP -j LOG\n-A "
	     "LOGDROP -j DROP\n",
	 1, HOOK_OUTPUT, FILTER_DROP, false, false, "-j LOGDROP", ""},
	{"Shorewall's goto", IPTABLES,
	 IPT
	 ":fw-net - [0:0]\n:reject - [0:0]\n-A OUTPUT -o eth0 -j fw-net\n-A fw-net -p tcp -m tcp "
	 "--dport 587 -g reject\n-A reject -s 224.0.0.0/4 -j DROP\n-A reject -p udp -j "
	 "REJECT\n-A reject -p tcp -j REJECT --reject-with tcp-reset\n",
	 1, HOOK_OUTPUT, FILTER_RESET, false, false, "-g reject",
	 "iptables -t filter -I fw-net -p tcp --dport 587 -j ACCEPT"},
	{"a chain behind a chain", IPTABLES,
	 IPT
	 ":A - [0:0]\n:B - [0:0]\n:C - [0:0]\n-A OUTPUT -p tcp --dport 587 -j A\n-A A -j B\n-A B "
	 "-j C\n-A C -j DROP\n",
	 1, HOOK_OUTPUT, FILTER_DROP, false, false, "-j A", ""},
	{"chains in a circle", IPTABLES,
	 IPT ":A - [0:0]\n:B - [0:0]\n-A OUTPUT -p tcp --dport 587 -j A\n-A A -j B\n-A B -j A\n", 0,
	 0, 0, 0, 0, "", ""},
	{"a chain that accepts first", IPTABLES,
	 IPT ":A - [0:0]\n-A OUTPUT -p tcp --dport 587 -j A\n-A A -p tcp -j ACCEPT\n-A A -j DROP\n",
	 0, 0, 0, 0, 0, "", ""},
	{"ufw", IPTABLES,
	 IPT ":ufw-user-output - [0:0]\n-A OUTPUT -j ufw-user-output\n-A ufw-user-output -p tcp -m "
	     "tcp --dport 587 -j REJECT\n",
	 1, HOOK_OUTPUT, FILTER_REJECT, false, false, "ufw-user-output",
	 "ufw delete reject out 587/tcp; ufw insert 1 allow out 587/tcp || ufw allow out 587/tcp"},
	{"ufw's default", IPTABLES,
	 "*filter\n:OUTPUT DROP [0:0]\n:ufw-user-output - [0:0]\n-A OUTPUT -j ufw-user-output\n", 1,
	 HOOK_OUTPUT, FILTER_DROP, false, true, ":OUTPUT DROP",
	 "ufw insert 1 allow out 587/tcp || ufw allow out 587/tcp"},
	{"ufw limit", IPTABLES,
	 IPT ":ufw-user-output - [0:0]\n:ufw-user-limit - [0:0]\n-A OUTPUT -j ufw-user-output\n-A "
	     "ufw-user-output -p tcp -m tcp --dport 587 -m recent --update --seconds 30 --hitcount "
	     "6 -j ufw-user-limit\n-A ufw-user-limit -j REJECT\n",
	 1, HOOK_OUTPUT, FILTER_REJECT, false, false, "hitcount 6",
	 "ufw delete limit out 587/tcp || ufw delete limit out 587"},
	{"csf", IPTABLES,
	 "*filter\n:OUTPUT DROP [0:0]\n:LOCALOUTPUT - [0:0]\n:LOGDROPOUT - [0:0]\n-A OUTPUT ! -o "
	 "lo "
	 "-j LOCALOUTPUT\n",
	 1, HOOK_OUTPUT, FILTER_DROP, false, true, ":OUTPUT DROP",
	 "sed -i 's/^TCP_OUT = \"/&587,/' /etc/csf/csf.conf && csf -r"},
	{"csf, SMTP", IPTABLES,
	 IPT ":SMTPOUTPUT - [0:0]\n-A OUTPUT -j SMTPOUTPUT\n-A SMTPOUTPUT -p tcp -m multiport "
	     "--dports 25,465,587 -j REJECT\n",
	 1, HOOK_OUTPUT, FILTER_REJECT, false, false, "SMTPOUTPUT",
	 "sed -i 's/^SMTP_BLOCK = .*/SMTP_BLOCK = \"0\"/' /etc/csf/csf.conf && csf -r"},
	{"csf, all that is left is rejected", IPTABLES,
	 IPT
	 ":LOCALOUTPUT - [0:0]\n:LOGDROPOUT - [0:0]\n-A OUTPUT ! -o lo -j LOCALOUTPUT\n-A OUTPUT "
	 "! -o lo -p tcp -m conntrack --ctstate NEW -m tcp --dport 443 -j ACCEPT\n-A OUTPUT ! -o "
	 "lo -j LOGDROPOUT\n-A LOGDROPOUT -p tcp -m limit --limit 30/min -j LOG\n-A LOGDROPOUT "
	 "-j REJECT\n",
	 1, HOOK_OUTPUT, FILTER_REJECT, false, true, "-j LOGDROPOUT",
	 "sed -i 's/^TCP_OUT = \"/&587,/' /etc/csf/csf.conf && csf -r"},
	{"nothing is left where a rule asks for more", IPTABLES,
	 IPT "-A OUTPUT -p tcp -m conntrack --ctstate INVALID -j DROP\n-A OUTPUT -o lo -j DROP\n-A "
	     "OUTPUT -s 192.0.2.1/32 -j DROP\n",
	 0, HOOK_OUTPUT, FILTER_DROP, false, false, "", ""},
	{"some users' connections are let go before", IPTABLES,
	 IPT
	 "-A OUTPUT -p tcp --dport 587 -m owner --uid-owner 0 -j ACCEPT\n-A OUTPUT -p tcp --dport "
	 "587 -j REJECT\n",
	 1, HOOK_OUTPUT, FILTER_REJECT, true, false, "REJECT",
	 "iptables -t filter -I OUTPUT -p tcp --dport 587 -j ACCEPT"},
	{"fail2ban, somebody else's address", IPTABLES,
	 IPT ":f2b-recidive - [0:0]\n-A INPUT -p tcp -j f2b-recidive\n-A f2b-recidive -s "
	     "203.0.113.26/32 -j REJECT\n",
	 0, HOOK_INPUT, FILTER_REJECT, false, false, "", ""},
	{"fail2ban", IPTABLES,
	 IPT ":f2b-recidive - [0:0]\n-A INPUT -p tcp -j f2b-recidive\n-A f2b-recidive -s "
	     "203.0.113.25/32 -j REJECT\n-A f2b-recidive -j RETURN\n",
	 1, HOOK_INPUT, FILTER_REJECT, false, false, "f2b-recidive",
	 "fail2ban-client set recidive unbanip 203.0.113.25"},
	{"cPanel", IPTABLES,
	 IPT ":cP-Firewall-1-INPUT - [0:0]\n-A OUTPUT -p tcp -m multiport --dports 25,465,587 -m "
	     "owner ! --gid-owner 12 -j REJECT\n",
	 1, HOOK_OUTPUT, FILTER_REJECT, true, false, "gid-owner",
	 "/usr/local/cpanel/scripts/smtpmailgidonly off"},
	{"firewalld, a direct rule", IPTABLES,
	 IPT
	 ":OUTPUT_direct - [0:0]\n-A OUTPUT -j OUTPUT_direct\n-A OUTPUT_direct -p tcp --dport 587 "
	 "-j DROP\n",
	 1, HOOK_OUTPUT, FILTER_DROP, false, false, "OUTPUT_direct",
	 "firewall-cmd --permanent --direct --add-rule ipv4 filter OUTPUT 0 -p tcp --dport 587 -j "
	 "ACCEPT && firewall-cmd --reload"},
	{"application firewall", IPTABLES,
	 "*mangle\n:OUTPUT ACCEPT [0:0]\n-A OUTPUT -p udp -j NFQUEUE --queue-num 1\n-A OUTPUT -m "
	 "conntrack --ctstate NEW -j NFQUEUE --queue-num 0 --queue-bypass\n",
	 1, HOOK_OUTPUT, FILTER_QUEUE, false, false, "--queue-num 0",
	 "iptables -t mangle -I OUTPUT -p tcp --dport 587 -j ACCEPT"},
	{"queues without a program", IPTABLES,
	 IPT "-A INPUT -p tcp -m multiport --sports 25,587 -j NFQUEUE --queue-balance 3:5\n", 1,
	 HOOK_INPUT, FILTER_QUEUE, false, false, "3:5",
	 "iptables -t filter -I INPUT -p tcp --sport 587 -j ACCEPT"},
	{"queue of another port", IPTABLES, IPT "-A OUTPUT -p tcp --dport 25 -j NFQUEUE\n", 0, 0, 0,
	 0, 0, "", ""},
	{"route", IP_RULE,
	 "0:\tfrom all lookup local\n32765:\tfrom all ipproto tcp dport 587 prohibit\n", 1,
	 HOOK_ROUTE, FILTER_ROUTE, false, false, "dport 587 prohibit", "ip rule del pref 32765"},
	{"policy of IPsec", XFRM,
	 "src 0.0.0.0/0 dst 0.0.0.0/0 proto tcp dport 587 \n\tdir out action block priority 100 "
	 "\nsrc 0.0.0.0/0 dst 0.0.0.0/0 proto tcp dport 25 \n\tdir out action block priority 9 \n",
	 1, HOOK_ROUTE, FILTER_DROP, false, false, "action block",
	 "ip xfrm policy delete src 0.0.0.0/0 dst 0.0.0.0/0 proto tcp dport 587 dir out"},
	{"policy of IPsec that encrypts", XFRM,
	 "src 0.0.0.0/0 dst 0.0.0.0/0 \n\tdir out priority 100 \n\ttmpl src 0.0.0.0 dst 0.0.0.0\n",
	 0, 0, 0, 0, 0, "", ""},
	{"routes", IP_RULE, "100:\tfrom all uidrange 5-9 ipproto tcp dport 500-600 lookup 99\n", 1,
	 HOOK_ROUTE, FILTER_ROUTE, true, false, "lookup 99", "ip rule del pref 100"},
};

static void parse(const struct rules_row *row, struct trace *t)
{
	struct rules_wanted wanted = {
		.port = 587, .family = 4, .tool = "iptables", .queues = "0 712 opensnitchd\n"};
	switch (row->tool) {
	case IPTABLES:
		rules_parse_iptables(row->text, &wanted, t);
		return;
	case IP_RULE:
		rules_parse_ip(row->text, &wanted, t);
		return;
	case XFRM:
		rules_parse_xfrm(row->text, &wanted, t);
		return;
	}
}

static void test_rows(void **state)
{
	const struct server banned = {
		.host = "mx.example",
		.addr = addr_v4((const uint8_t[]){203, 0, 113, 25}),
		.port = 587,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct rules_row *row = &rows[i];
		struct trace t;
		trace_init(&t);
		assert_true(trace_add_server(&t, &banned));
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

/* Who decides over a queue, as far as it can be seen; names were made harmless before. */
static void test_queues(void **state)
{
	(void)state;
	static const char list[] = "0 712 opensnitchd\n4 0 \n5 9 \\x1b[2J a b\n7";
	static const struct {
		unsigned number;
		const char *words;
	} said[] = {
		{0, "queue 0, on which opensnitchd (process 712) decides"},
		{4, "queue 4, on which a program decides that cannot be seen from here"},
		{5, "queue 5, on which \\x1b[2J a b (process 9) decides"},
		{7, "queue 7, on which no program is seen"},
		{712, "queue 712, on which no program is seen"},
	};
	for (size_t i = 0; i < sizeof(said) / sizeof(*said); i++) {
		struct queue_said queue;
		queues_say(list, said[i].number, &queue);
		assert_string_equal(queue.program, said[i].words);
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
		cmocka_unit_test(test_queues),
		cmocka_unit_test(test_damage),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
