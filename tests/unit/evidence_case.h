/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef TESTS_EVIDENCE_CASE_H
#define TESTS_EVIDENCE_CASE_H

/*
 * Every text of a result that an outsider has a hand in, each with markup and
 * control characters, for the tests of the HTML report, the ticket and the
 * comments.
 */

#include "report/page/about.h"
#include "report_test.h"

#define HOSTILE "<script>alert('1')</script>\"><img src=x onerror=y>\033[31m&\r\n\xff"

/* Two answers beside probes that drew none. */
static inline void hostile_packets(struct sample *s)
{
	uint32_t syn = trace_add_probe(&s->t, &(struct probe){.dst_port = 587,
							      .src_port = 45000,
							      .ttl = 3,
							      .at_ns = s->run.started_ns,
							      .frame = 7,
							      .file = 1,
							      .sent = 1});

	trace_add_reply(&s->t, &(struct reply){.probe = syn,
					       .kind = REPLY_RESET,
					       .from = s->t.servers[0].addr,
					       .at_ns = s->run.started_ns + 1500000,
					       .frame = 8,
					       .file = 1});
	trace_add_session(&s->t, &(struct session){.port = 587,
						   .stage = SESSION_GREETED,
						   .end = SESSION_CLOSED,
						   .at_ns = s->run.started_ns,
						   .version = HOSTILE,
						   .lines = "S: 220 " HOSTILE "\nC: EHLO me\n",
						   .chain = HOSTILE});
}

/* A sample in which everything that can be untrusted is hostile. */
static inline struct sample *hostile_case(struct about *about)
{
	static const char *const argv[] = {"whoblocks", HOSTILE, NULL};
	static const char *const lookups[] = {HOSTILE, NULL};
	static const struct about_round rounds[] = {
		{1000000000, "blocked", "isp", "silent-drop", HOSTILE, 0.9, NULL},
		{2000000000, "blocked", "isp", "silent-drop", HOSTILE, 0.9, NULL},
	};
	struct sample *s = make_case(find_case("isp-drop"));

	s->t.servers[0].host = HOSTILE;
	s->t.servers[0].owner = HOSTILE;
	s->hops[0][1].control.answers[0].owner = HOSTILE;
	s->hops[0][3].control.answers[0].name = HOSTILE;
	s->findings[0].sentence = HOSTILE;
	s->r.verdict.sentence = HOSTILE;
	s->r.verdict.judgement.suspects[0].text = HOSTILE;
	s->r.verdict.judgement.suspects[1] = s->r.verdict.judgement.suspects[0];
	s->r.verdict.judgement.suspects_n = 2;
	s->r.verdict.reasons[0].text = HOSTILE;
	s->r.verdict.reasons[0].rule = HOSTILE;
	s->r.verdict.next[0] = HOSTILE;
	s->facts[0] = (struct host_fact){
		.kind = HOSTILE, .text = HOSTILE, .rule = HOSTILE, .command = HOSTILE};
	s->r.facts_n = 1;
	hostile_packets(s);
	*about = (struct about){
		.id = "0123456789abcdef0123456789abcdef",
		.labels = {{"site", HOSTILE}, {"rack", ""}},
		.labels_n = 2,
		.os = HOSTILE,
		.libraries = lookups,
		.timestamps = HOSTILE,
		.public = {{sample_addr("192.0.2.99"), HOSTILE}},
		.public_n = 1,
		.contact = {HOSTILE, HOSTILE, HOSTILE, HOSTILE},
		.rounds = rounds,
		.rounds_n = 2,
	};
	s->run.argv = argv;
	s->run.lookups = lookups;
	s->run.interface = HOSTILE;
	s->run.about = about;
	return s;
}

/* No byte that a terminal or a browser would act on; a line's end is the only control. */
static inline void check_harmless(const char *text)
{
	for (const char *at = text; *at; at++) {
		if ((unsigned char)*at < 0x20 && *at != '\n')
			fail_msg("control character %02x after \"%.40s\"", (unsigned char)*at,
				 at - text > 40 ? at - 40 : text);
	}
	assert_null(strchr(text, 0x7f));
}

#endif
