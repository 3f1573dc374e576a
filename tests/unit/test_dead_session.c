/* SPDX-License-Identifier: BSD-2-Clause */
/* A session goes dead: how often its last words were sent says whether a lossy way explains it. */
#include "infer/rules/claim.h"
#include "infer/scene/build.h"
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

/* One session of one server goes dead without a word of the server's, while another's is verified:
 * on a way that loses packets at all, once may be bad luck. */
static void alone(void **state)
{
	static const char *const controls[] = {"38xc*s" WAY, "38xc*s 1xc*." WAY};
	(void)state;
	for (int lossy = 0; lossy < 2; lossy++) {
		struct session dead = {.port = SCRIPT_TARGET,
				       .stage = SESSION_AGREED,
				       .end = SESSION_SILENT,
				       .lines = "S: 220 mx.example ESMTP\nC: STARTTLS\nS: 220\n"};
		struct session good = {.port = SCRIPT_TARGET,
				       .stage = SESSION_COMPLETE,
				       .has_verify = true,
				       .name_checked = true,
				       .name_fits = true};
		struct trace t;
		struct scene scene;
		struct claim claim;
		trace_init(&t);
		t.run.smtp = true;
		dead.server = script_server(&t, 113);
		good.server = script_server(&t, 114);
		script_run(&t, dead.server, controls[lossy]);
		script_run(&t, good.server, controls[lossy]);
		assert_true(trace_add_session(&t, &dead) && trace_add_session(&t, &good));
		for (int again = 0; again < 2; again++) {
			assert_int_equal(scene_build(&scene, &t), 0);
			claim_make(&scene, 0, &claim);
			assert_string_equal(claim.rule, "stalled");
			assert_int_equal(claim.state,
					 lossy && !again ? STATE_UNKNOWN : STATE_DEGRADED);
			scene_free(&scene);
			assert_true(trace_add_session(&t, &dead));
		}
		trace_free(&t);
	}
}

/*
 * TLS from the first byte, beside a session that waited for a greeting: on a port where it need not
 * come first it counts where it comes about alone; and where nobody greets inside, nobody is there.
 */
static void tls_first(void **state)
{
	static const struct {
		uint16_t port;
		enum session_stage stage;
		enum session_end end;
		int64_t greeted_ns;
		enum mail_outcome outcome;
	} sessions[] = {
		{SCRIPT_TARGET, SESSION_COMPLETE, SESSION_DONE, 9, MAIL_VERIFIED},
		{SCRIPT_TARGET, SESSION_CONNECTED, SESSION_SILENT, 0, MAIL_MUTE},
		{SCRIPT_TARGET, SESSION_CONNECTED, SESSION_RESET, 0, MAIL_MUTE},
		{SCRIPT_TARGET, SESSION_SECURE, SESSION_RESET, 0, MAIL_RESET},
		{MAIL_TLS_PORT, SESSION_SECURE, SESSION_RESET, 0, MAIL_RESET},
		{MAIL_TLS_PORT, SESSION_SECURE, SESSION_RESET, 9, MAIL_VERIFIED},
		{MAIL_TLS_PORT, SESSION_SECURE, SESSION_STOPPED, 0, MAIL_VERIFIED},
		{MAIL_TLS_PORT, SESSION_CONNECTED, SESSION_RESET, 0, MAIL_RESET},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(sessions) / sizeof(*sessions); i++) {
		struct trace t;
		struct mail mail;
		trace_init(&t);
		struct session s = {.port = SCRIPT_TARGET,
				    .stage = SESSION_CONNECTED,
				    .end = SESSION_SILENT,
				    .server = script_server(&t, 1)};
		t.servers[s.server].port = sessions[i].port;
		if (sessions[i].port == SCRIPT_TARGET)
			assert_true(trace_add_session(&t, &s));
		s.port = sessions[i].port;
		s.pass = SESSION_IMPLICIT;
		s.stage = sessions[i].stage;
		s.end = sessions[i].end;
		s.greeted_ns = sessions[i].greeted_ns;
		s.name_checked = s.name_fits = s.has_verify = s.stage >= SESSION_SECURE;
		assert_true(trace_add_session(&t, &s));
		mail_read(&t, s.server, &mail);
		if (mail.outcome != sessions[i].outcome)
			fail_msg("session %zu: outcome %d", i, (int)mail.outcome);
		trace_free(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_row),
		cmocka_unit_test(alone),
		cmocka_unit_test(tls_first),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
