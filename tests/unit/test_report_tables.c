/* SPDX-License-Identifier: BSD-2-Clause */
/* The tables where they are long, odd or empty; looked at by the lines that matter. */
#include "report_test.h"
#include <stdio.h>

static const struct text_style style = {.utf8 = true, .columns = 80};

static void expect(struct sample *s, const char *const lines[], size_t n)
{
	struct text out = {0};
	const char *from;

	report_text(&s->run, &s->t, &s->r, &style, &out);
	assert_false(out.failed);
	from = text_str(&out);
	for (size_t i = 0; i < n; i++) {
		const char *found = strstr(from, lines[i]);

		if (!found)
			fail_msg("\"%s\" is missing or too early in\n%s", lines[i], text_str(&out));
		else
			from = found + strlen(lines[i]);
	}
	text_free(&out);
	free_case(s);
}

#define EXPECT(s, ...)                                                                             \
	do {                                                                                       \
		const char *const lines[] = {__VA_ARGS__};                                         \
		expect(s, lines, sizeof(lines) / sizeof(lines[0]));                                \
	} while (0)

static void test_long_path(void **state)
{
	struct sample *s = make_case(find_case("isp-drop"));
	static struct hop_row rows[30];

	(void)state;
	for (uint8_t i = 0; i < 30; i++) {
		rows[i] = (struct hop_row){.hop = i + 1, .is_server = i == 29};
		rows[i].control = (struct hop_lane){.sent = 1, .expired = i != 15};
		rows[i].target = (struct hop_lane){.sent = 1, .expired = i < 3};
	}
	s->findings[0].hops = rows;
	s->findings[0].hops_n = 30;
	EXPECT(s, "\n    3  (no answer)", "silence to 587\n    4  ", "\n    5  ",
	       "\n    …  (hops 6 to 14)\n   15  ", "\n   16  ", "\n   17  ",
	       "\n    …  (hops 18 to 29)\n   30  ");
}

/* Ports whose SYNs this host lets nobody send, and one that somebody nearer accepts. */
static void test_ports_in_doubt(void **state)
{
	struct sample *s = make_case(find_case("isp-drop"));

	(void)state;
	for (size_t i = 0; i < s->r.findings_n; i++) {
		struct finding *f = &s->findings[i];

		f->ports[2].nearer = true;
		f->ports[3].kept = true;
		if (i > 0)
			continue;
		f->ports[1].is_control = false;
		f->ports[1].state = f->ports[2].state = PORT_SILENT;
		f->ports[0].kept = f->ports[1].kept = f->ports[2].kept = true;
	}
	EXPECT(s, "posteo.de", "not let out", "not let out", "\n", "mail.gandi.net", "silent",
	       "993 open", "other mail ports: 465 not open, 25 not let out");
}

/* What the server itself refuses is not silent. */
static void test_closed_end(void **state)
{
	struct sample *s = make_case(find_case("isp-drop"));

	(void)state;
	s->r.verdict.judgement.mechanism = MECHANISM_CLOSED;
	s->findings[0].judgement.mechanism = MECHANISM_CLOSED;
	EXPECT(s, "587 is refused\n");
}

static void test_many_servers(void **state)
{
	struct sample *s = make_case(find_case("isp-drop"));
	static struct finding findings[40];

	(void)state;
	for (uint32_t i = 0; i < 40; i++) {
		findings[i] = s->findings[0];
		findings[i].server = i;
		if (i < 3)
			continue;
		trace_add_server(&s->t,
				 &(struct server){.host = i == 38 ? "late.example" : "x.example",
						  .addr = {4, {192, 0, 2, (uint8_t)i}},
						  .port = 587});
		if (i != 38)
			findings[i].judgement.state = STATE_OPEN;
	}
	s->r.findings = findings;
	s->r.findings_n = 40;
	EXPECT(s, "posteo.de ", "in-v3.mailjet.com", "x.example 192.0.2.3 ", "late.example ",
	       "  and 24 more in the JSON result\n");
}

static void test_ports_and_names(void **state)
{
	struct sample *s = make_case(find_case("isp-drop"));

	(void)state;
	s->t.servers[1].port = 2587;
	s->t.servers[2].host = "posteo.de";
	s->findings[2].control = 0;
	s->findings[2].ports[1].is_control = false;
	EXPECT(s, "server                   port         control    distance\n",
	       "  posteo.de 192.0.2.10     587 silent   993 open   5 hops\n",
	       "  mail.gandi.net           2587 silent  993 open   5 hops\n",
	       "  posteo.de 203.0.113.210  587 silent   no answer  5 hops\n");
}

static void test_answered_too_near(void **state)
{
	struct sample *s = make_case(find_case("isp-drop"));
	struct judgement j = drop;

	(void)state;
	j.state = STATE_INTERCEPTED;
	j.mechanism = MECHANISM_REDIRECT;
	sample_fail(&s->findings[0], &j, PORT_OPEN, "syn-ack");
	sample_path(s, 0, isp_hops, "eeeeet", "eeettt");
	s->r.verdict.judgement = j;
	EXPECT(s, "●      ●\n",
	       "587 is answered\n    4  198.51.100.2  AS64500 Example Access      ●      ◆\n",
	       "◆ another's answer\n", "  posteo.de          intercepted  993 open");
}

/* Of a port that this host blocks, a session is that of whom it lets through. */
static void test_blocked_here(void **state)
{
	struct sample *s = make_case(find_case("local-drop"));

	(void)state;
	s->t.run.smtp = true;
	s->findings[0].layer = s->findings[1].layer = LAYER_TLS;
	s->findings[0].passes = "root";
	s->findings[1].deaf = true;
	EXPECT(s, "blocked here  993 open          5 hops    root: yes, TLS\n",
	       "blocked here  993 blocked here  5 hops    –\n");
}

static void test_loopback_does_not_leave(void **state)
{
	struct sample *s = make_case(find_case("local-drop"));

	(void)state;
	sample_probe(s, 0, 587, true);
	EXPECT(s, "this host", "●      ·   ◀ never left\n");
}

static void test_unanswered_owner_and_extra_addresses(void **state)
{
	struct sample *s = make_case(find_case("isp-drop"));
	struct hop_row *row = &s->hops[0][2];

	(void)state;
	row->target.answers[0].addr = sample_addr("198.51.100.77");
	row->control.answers[0].asn = 0;
	row->control.answers[0].owner = NULL;
	row->owners = OWNER(SEGMENT_LOCAL) | OWNER(SEGMENT_ISP);
	EXPECT(s, "    3  198.51.100.1 +1  local or provider ");
}

static void test_nothing_found(void **state)
{
	struct sample *s = make_case(find_case("no-network"));

	(void)state;
	s->r.findings_n = 0;
	s->t.run.cut = true;
	s->t.full = true;
	EXPECT(s, "No verdict. ", "Note: The capture lost 3 packets",
	       "Note: The capture ends in the middle of a packet",
	       "Note: There was more to record");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_long_path),
		cmocka_unit_test(test_ports_in_doubt),
		cmocka_unit_test(test_closed_end),
		cmocka_unit_test(test_many_servers),
		cmocka_unit_test(test_ports_and_names),
		cmocka_unit_test(test_answered_too_near),
		cmocka_unit_test(test_blocked_here),
		cmocka_unit_test(test_loopback_does_not_leave),
		cmocka_unit_test(test_unanswered_owner_and_extra_addresses),
		cmocka_unit_test(test_nothing_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
