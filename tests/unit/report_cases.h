/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef TESTS_REPORT_CASES_H
#define TESTS_REPORT_CASES_H

/*
 * The results that the renderers are tested with, one of each kind of verdict.
 */

#include "report_samples.h"
#include <errno.h>

/* What lifts the rule of the host that drops. */
#define RULE_COMMAND "nft delete rule inet filter output handle 7"

static inline void case_open(struct sample *s)
{
	const struct judgement open = {
		.state = STATE_OPEN, .has_confidence = true, .confidence = 0.9876};

	sample_servers(s);
	for (size_t i = 0; i < 3; i++)
		sample_path(s, i, isp_hops, "eeeeet", "eeeeet");
	sample_verdict(s, &open, 4, "Port 587 is open: 3 of 3 servers answer, with STARTTLS.");
	sample_reason(s, "open", "The answers on 587 have the distance of those on 993.",
		      TRACE_NONE);
}

static inline void case_isp_drop(struct sample *s)
{
	sample_servers(s);
	for (size_t i = 0; i < 3; i++) {
		sample_path(s, i, isp_hops, "eeeeet", "eee...");
		sample_fail(&s->findings[i], &drop, PORT_SILENT, "none");
	}
	s->findings[1].ports[2].state = PORT_SILENT;
	sample_verdict(s, &drop, 4,
		       "Port 587 is blocked in your provider's network, between hop 3 and hop 4.");
	sample_reason(s, "silence",
		      "SYNs to port 587 expire at hop 3 (198.51.100.1) and are never seen at hop 4 "
		      "(198.51.100.2), where SYNs to the control ports expire.",
		      0);
	sample_reason(s, "silence",
		      "The same on 3 of 3 servers of 3 operators in 3 networks; nothing came back "
		      "for 587 (0 of 27).",
		      TRACE_NONE);
	sample_next(s,
		    "ask your provider to open port 587; until then use port 465 (implicit TLS).");
	s->run.capture_file = "evidence.pcapng";
}

static inline void case_gw_or_isp(struct sample *s)
{
	struct judgement j = drop;

	j.blocker = BLOCKER_UNKNOWN;
	j.suspects[0] = (struct suspect){BLOCKER_LOCAL_NETWORK, MECHANISM_SILENT_DROP, 0.5,
					 "the local network"};
	j.suspects[1] =
		(struct suspect){BLOCKER_ISP, MECHANISM_SILENT_DROP, 0.5, "the provider's network"};
	j.suspects_n = 2;
	j.link.from_hop = 1;
	j.link.to_hop = 2;
	j.link.from = sample_addr("192.168.1.1");
	j.link.to = sample_addr("100.64.0.1");
	sample_servers(s);
	for (size_t i = 0; i < 3; i++) {
		sample_path(s, i, isp_hops, "eeeeet", "e.....");
		sample_fail(&s->findings[i], &j, PORT_SILENT, "none");
	}
	sample_verdict(
		s, &j, 4,
		"Port 587 is blocked between your router's output and your provider's input.");
	sample_reason(s, "silence",
		      "SYNs to port 587 expire at hop 1 (192.168.1.1) and are never seen at hop 2 "
		      "(100.64.0.1).",
		      TRACE_NONE);
	sample_next(s, "until then use port 465 (implicit TLS).");
	sample_next(s, "look for a rule for port 587 in the router.");
	sample_next(s, "capture on the router's WAN side, then compare:\n"
		       "whoblocks compare client.pcapng router.pcapng\n"
		       "whoblocks explain local-network");
}

static inline void case_reset_by_gateway(struct sample *s)
{
	struct judgement j = drop;

	j.blocker = BLOCKER_LOCAL_NETWORK;
	j.mechanism = MECHANISM_TCP_RESET;
	j.suspects[0] = (struct suspect){BLOCKER_LOCAL_NETWORK, MECHANISM_TCP_RESET, 1.0,
					 "the local network"};
	j.link.from_hop = j.link.to_hop = 1;
	j.link.from = j.link.to = sample_addr("192.168.1.1");
	j.confidence = 0.9999;
	sample_servers(s);
	for (size_t i = 0; i < 3; i++) {
		sample_path(s, i, isp_hops, "eeeeet", "tttttt");
		sample_fail(&s->findings[i], &j, PORT_CLOSED, "reset");
		s->findings[i].reply.first_ttl = 1;
		s->findings[i].reply.ttl = 64;
		s->hops[i][0].target.answers_n = 0;
	}
	sample_verdict(s, &j, 4,
		       "Port 587 is refused by your router (192.168.1.1), not by the servers.");
	sample_reason(s, "reset-nearer",
		      "The resets come from 1 hop away; the servers are 6 hops away.", 0);
	sample_next(s, "look for a rule for port 587 in the router.");
}

static inline void case_closed(struct sample *s)
{
	const struct judgement j = {
		.state = STATE_CLOSED,
		.blocker = BLOCKER_REMOTE,
		.mechanism = MECHANISM_CLOSED,
		.has_confidence = true,
		.confidence = 0.95,
		.suspects = {{BLOCKER_REMOTE, MECHANISM_CLOSED, 1.0, "the server or its network"}},
		.suspects_n = 1,
	};

	sample_servers(s);
	sample_path(s, 0, isp_hops, "eeeeet", "eeeeet");
	sample_fail(&s->findings[0], &j, PORT_CLOSED, "reset");
	s->t.servers[1].reference = s->t.servers[2].reference = true;
	sample_verdict(s, &j, 4, "posteo.de refuses port 587 itself; other servers are open.");
	sample_reason(s, "reset-by-server",
		      "The reset has the distance of the server's other answers.", 0);
	sample_next(s, "ask the operator whether 587 is offered.");
}

static inline void case_no_network(struct sample *s)
{
	const struct judgement j = {.state = STATE_UNKNOWN,
				    .blocker = BLOCKER_UNKNOWN,
				    .mechanism = MECHANISM_NO_NETWORK};

	sample_servers(s);
	for (size_t i = 0; i < 3; i++) {
		sample_fail(&s->findings[i], &j, PORT_SILENT, "none");
		s->findings[i].votes = false;
		s->findings[i].control = 0;
		s->findings[i].distance_control = -1;
		for (size_t k = 1; k < 4; k++) {
			s->findings[i].ports[k].state = PORT_SILENT;
			s->findings[i].ports[k].is_control = false;
		}
	}
	sample_verdict(
		s, &j, 0,
		"The evidence does not decide: the control ports fail as well, so nothing can "
		"be said of port 587.");
	sample_next(s, "bring the network up and run it again.");
	s->run.stop = "no-network";
	s->run.capture_dropped = 3;
}

static inline void case_local_drop(struct sample *s)
{
	struct judgement j = drop;

	j.blocker = BLOCKER_LOCAL_HOST;
	j.suspects[0].blocker = BLOCKER_LOCAL_HOST;
	j.link = (struct link_span){.known = true, .from = {4, {192, 168, 1, 20}}};
	j.link.to = j.link.from;
	for (uint32_t i = 0; i < 2; i++) {
		sample_server(s, sample_hosts[i].host, sample_hosts[i].addr, "192.168.1.20");
		sample_probe(s, i, 993, false);
		trace_add_send_error(&s->t, &(struct send_error){.server = i,
								 .port = 587,
								 .kind = PROBE_RAW,
								 .error = EPERM});
		sample_path(s, i, isp_hops, "eeeeet", "      ");
		sample_fail(&s->findings[i], &j, PORT_SILENT, "local");
	}
	s->facts[0] = (struct host_fact){
		.kind = "output-drop",
		.text = "The kernel refuses to send SYNs to port 587; past its firewall they are "
			"answered.",
		.server = TRACE_NONE,
		.port = 587,
		.error = EPERM,
		.user = "root",
		.rule = "inet filter output: tcp dport 587 counter packets 12 bytes 720 drop # "
			"handle 7",
		.command = RULE_COMMAND,
	};
	s->facts[1] = (struct host_fact){.kind = "connect",
					 .text = "connect() to posteo.de:587 timed out",
					 .server = 0,
					 .port = 587,
					 .error = ETIMEDOUT,
					 .user = "root"};
	s->r.facts_n = 2;
	sample_verdict(s, &j, 4, "Port 587 is blocked by this host's own firewall (OUTPUT).");
	sample_reason(s, "refused-here",
		      "Sending to 587 fails with EPERM and no SYN leaves the host; "
		      "sending to 993 works.",
		      0);
	sample_next(s, "remove the rule or allow port 587 in front of it.");
}

/* IPv4 is open, IPv6 is dropped by the provider. */
static inline void case_ipv6_only(struct sample *s)
{
	static const struct sample_hop hops[] = {
		{"2001:db8:1::1", 0, NULL, OWNER(SEGMENT_LOCAL)},
		{"2001:db8:ffff:12::1", 64500, "Example Access", OWNER(SEGMENT_ISP)},
		{NULL, 0, NULL, 0},
		{"2001:db8:ffff:34:5678:9abc:def0:1234", 64500, "Example Access",
		 OWNER(SEGMENT_ISP)},
		{"2001:db8:2::25", 0, NULL, OWNER(SEGMENT_REMOTE)},
	};
	struct judgement j = drop;

	j.link.from_hop = 2;
	j.link.to_hop = 4;
	j.link.from = sample_addr(hops[1].addr);
	j.link.to = sample_addr(hops[3].addr);
	sample_server(s, "posteo.de", "192.0.2.10", "192.168.1.20");
	sample_server(s, "posteo.de", "2001:db8:2::25", "2001:db8:1::20");
	sample_probe(s, 1, 993, false);
	sample_probe(s, 1, 587, false);
	sample_path(s, 1, hops, "ee.et", "ee...");
	sample_fail(&s->findings[1], &j, PORT_SILENT, "none");
	sample_verdict(
		s, &j, 6,
		"Port 587 is blocked in your provider's network over IPv6, between hop 2 and "
		"hop 4. Over IPv4 it is open.");
	s->r.family[0] = s->findings[0].judgement;
	s->r.family_counts[0] = true;
	sample_reason(s, "silence", "SYNs to 587 expire at hop 2 and never at hop 4.", 1);
	sample_next(s, "use IPv4 until the provider has opened 587 over IPv6.");
}

/* Names and owners that try to write to the terminal, and lines that never end. */
static inline void case_hostile(struct sample *s)
{
	static const struct sample_hop hops[] = {
		{"192.168.1.1", 0, NULL, OWNER(SEGMENT_LOCAL)},
		{"100.64.0.1", 64500,
		 "Evil\033[2J\r\nOwner \xe2\x80\xae of \xff everything and much more",
		 OWNER(SEGMENT_ISP)},
		{"198.51.100.1", 64501,
		 "\xe7\xb6\xb2\xe8\xb7\xaf\xe7\xb6\xb2\xe8\xb7\xaf\xe7\xb6\xb2",
		 OWNER(SEGMENT_ISP)},
		{"198.51.100.2", 0, NULL, 0},
		{"192.0.2.10", 0, NULL, OWNER(SEGMENT_REMOTE)},
	};

	sample_server(s,
		      "\033]0;owned\007mail.example.org.a-name-that-is-much-too-long-for-a-column."
		      "example",
		      "192.0.2.10", "192.168.1.20");
	sample_probe(s, 0, 993, false);
	sample_path(s, 0, hops, "eeeet", "eee..");
	s->hops[0][3].control.answers[0].name = "\"><script>\x7f.example";
	sample_fail(&s->findings[0], &drop, PORT_SILENT, "none");
	sample_verdict(s, &drop, 4,
		       "Port 587 of \033[31mmail\n is blocked in the provider's network.");
	sample_reason(s, "silence",
		      "A\twordthatisveryveryveryverylongandhasnospaceatallinitnotevenone\xc3", 0);
	sample_next(s, "nothing \x1b]8;;http://example.org\x1b\\here");
	s->facts[0] = (struct host_fact){
		.kind = "\x1b[1m", .text = "\xc2\x9b a note", .server = 7, .user = "\x80"};
	s->r.facts_n = 1;
	s->run.stop = "interrupted";
}

static const struct {
	const char *name;
	void (*make)(struct sample *s);
} report_cases[] = {
	{"open", case_open},
	{"isp-drop", case_isp_drop},
	{"gw-or-isp", case_gw_or_isp},
	{"reset-by-gateway", case_reset_by_gateway},
	{"closed", case_closed},
	{"no-network", case_no_network},
	{"local-drop", case_local_drop},
	{"ipv6-only", case_ipv6_only},
	{"hostile", case_hostile},
};

#define REPORT_CASES (sizeof(report_cases) / sizeof(report_cases[0]))

#endif
