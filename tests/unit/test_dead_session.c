/* SPDX-License-Identifier: BSD-2-Clause */
/* A session goes dead: how often its last words were sent says whether a lossy way explains it. */
#include "infer/claim.h"
#include "trace_script.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define WAY   " 3xc1e 3xc2e 3xc3e 3xc4s 3xt*s 1xt1e 1xt2e 1xt3e 1xt4s t*s@20000"
#define LOSSY "12xc*s 4xc*."
#define CLEAN "12xc*s"

static const struct row {
	const char *controls;
	unsigned sent; /* how often the last words were, 0: their packets were not captured */
	enum state state;
} rows[] = {
	{CLEAN WAY, 4, STATE_DEGRADED},	 {CLEAN WAY, 0, STATE_DEGRADED},
	{LOSSY WAY, 4, STATE_UNKNOWN},	 {LOSSY WAY, 3, STATE_UNKNOWN},
	{LOSSY WAY, 12, STATE_DEGRADED},
};

static void add_words(struct trace *t, const struct session *s, unsigned sent)
{
	uint32_t probe = trace_session_probe(t, s);
	assert_int_not_equal(probe, TRACE_NONE);
	for (unsigned i = 0; i <= sent && sent; i++) {
		/* The first words were acknowledged: they do not count. */
		struct flow_packet p = {.probe = probe, .kind = FLOW_OUT, .len = 18, .seq = 1};
		p.seq = i ? 19 : 1;
		assert_true(trace_add_flow_packet(t, &p));
	}
}

static void each_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct trace t;
		struct scene scene;
		struct claim claim;
		trace_init(&t);
		t.run.smtp = true;
		for (uint8_t n = 113; n < 115; n++) {
			struct session s = {.port = SCRIPT_TARGET,
					    .src_port = 50000,
					    .stage = SESSION_GREETED,
					    .end = SESSION_SILENT,
					    .stuck = true,
					    .lines = "S: 220 mx.example ESMTP\nC: EHLO x\n"};
			s.server = script_server(&t, n);
			script_run(&t, s.server, rows[i].controls);
			assert_true(trace_add_session(&t, &s));
			add_words(&t, &s, rows[i].sent);
		}
		assert_int_equal(scene_build(&scene, &t), 0);
		assert_int_equal(scene.mails[0].tries, rows[i].sent);
		claim_make(&scene, 0, &claim);
		if (claim.state != rows[i].state)
			print_error("row %zu: %s\n", i, claim.rule);
		assert_int_equal(claim.state, rows[i].state);
		scene_free(&scene);
		trace_free(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_row),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
