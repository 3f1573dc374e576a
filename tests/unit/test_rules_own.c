/* SPDX-License-Identifier: BSD-2-Clause */
/* Rules that hold in our own runs alone, and evidence that does not count. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "claim_rows.h"
#include "infer/scene/build.h"

/* A second SYN on a 5-tuple that is still open draws a reset from an honest server: no evidence. */
static void doubled_syn(void **state)
{
	struct trace t;
	struct scene scene;
	struct claim claim;
	(void)state;
	trace_init(&t);
	uint32_t s = script_server(&t, 113);
	script_run(&t, s, CONTROL "1xt1e 1xt2e 1xt3e 1xt*.");
	struct probe second = t.probes[t.probes_n - 1];
	second.seq++;
	for (int i = 0; i < 3; i++) {
		second.at_ns = second.last_ns += SCRIPT_MS;
		second.seq++;
		struct reply r = {
			.probe = trace_add_probe(&t, &second), .kind = REPLY_RESET, .ttl = 61};
		r.ack_valid = true;
		r.from = t.servers[s].addr;
		trace_add_reply(&t, &r);
	}
	assert_int_equal(scene_build(&scene, &t), 0);
	claim_make(&scene, 0, &claim);
	assert_int_not_equal(claim.state, STATE_CLOSED);
	assert_int_equal(scene.paths[0].target.at[0].reset, 0);
	scene_free(&scene);
	trace_free(&t);
}

struct own_row {
	const char *words, *rule;
	uint16_t control;
	int from_hop, to_hop;
	bool not_remote;
};

/* Rules that hold in our own runs alone. */
static const struct own_row own_rows[] = {
	/* A control that answers from further away is the server's. */
	{"6xc*s62 3xc1e 3xc2e 3xc3s62 6xk*s57 3xk1e 3xk2e 3xk3e 5xk4e 3xk8s57 8xt*. 3xt1e 3xt2e "
	 "3xt3e 9xt4. 3xt8.",
	 "silence", 465, 3, 4, false},
	/* Resets from hop 3, where the server may be for all that is known, beside answers. */
	{"9xc*s 3xc1e 3xc2e 1xc3. 3xc4s 4xt*r58 3xt*s 1xt1e 1xt2e 3xt3r58", "refused-sometimes",
	 993, 0, 4, false},
	/* Accepted and reset at once, by somebody beside the server or much nearer. */
	{CONTROL "3xt*b62 1xt1e 1xt2e 1xt3e 1xt4b62", "aborted", 993, 0, 4, false},
	{"6xc*s 3xc8s 3xt*b64", "aborted", 993, 0, 8, true},
	{CONTROL "1xt*b62 4xt*s", "open", 993, 0, 0, false},
	/* Accepted at hop 2 by somebody who resets, too. */
	{"6xc*s 3xc1e 3xc2e 3xc3e 3xc4e 3xc5e 3xc6s 3xt*b63 1xt1e 2xt2s63", "answered-nearer", 993,
	 1, 2, false},
	/* Some are rejected, by hop 2, and more are accepted. */
	{CONTROL "4xt*s 1xt1e 1xt2e 2xt3i2/1 1xt4s", "rejected-sometimes", 993, 2, 2, false},
};

static void each_own_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(own_rows) / sizeof(*own_rows); i++) {
		const struct own_row *row = &own_rows[i];
		struct trace t;
		struct scene scene;
		struct claim claim;
		int from, to;
		trace_init(&t);
		script_route(&t);
		t.run.own = true;
		script_run(&t, script_server(&t, 113), row->words);
		assert_int_equal(scene_build(&scene, &t), 0);
		claim_make(&scene, 0, &claim);
		span_hops(&claim.span, &from, &to);
		assert_string_equal(claim.rule, row->rule);
		assert_int_equal(scene.paths[0].control.port, row->control);
		assert_int_equal(from, row->from_hop);
		assert_int_equal(to, row->to_hop);
		assert_int_equal(claim.not_remote, row->not_remote);
		scene_free(&scene);
		trace_free(&t);
	}
}

/* Silence within a time in which the capture lost packets proves nothing. */
static void lossy_capture(void **state)
{
	struct trace t;
	struct scene scene;
	struct claim claim;
	(void)state;
	trace_init(&t);
	script_run(&t, script_server(&t, 113), CONTROL "6xt*. 3xt1e 3xt2. 3xt3. 3xt4.");
	struct drop_window window = {.from_ns = 0, .to_ns = t.last_ns, .dropped = 3};
	trace_add_drop(&t, &window);
	assert_int_equal(scene_build(&scene, &t), 0);
	claim_make(&scene, 0, &claim);
	assert_int_equal(claim.state, STATE_UNKNOWN);
	scene_free(&scene);
	trace_free(&t);
}

/* A server that drops what it does not offer drops an unused port, too: of others' captures. */
static void silent_host(void **state)
{
	(void)state;
	for (int own = 0; own < 2; own++) {
		struct trace t;
		struct scene scene;
		struct claim claim;
		trace_init(&t);
		script_run(&t, script_server(&t, 113), "6xc*s 6xt*. 2xk*.");
		for (size_t i = 12; i < t.probes_n; i++)
			t.probes[i].dst_port = (uint16_t)(8080 + i);
		t.run.own = own;
		assert_int_equal(scene_build(&scene, &t), 0);
		claim_make(&scene, 0, &claim);
		if (own)
			assert_string_not_equal(claim.rule, "silent-host");
		else
			assert_string_equal(claim.rule, "silent-host");
		assert_true(own || claim.state == STATE_UNKNOWN);
		scene_free(&scene);
		trace_free(&t);
	}
}

/* Every rule has a name of its own, and words. */
static void each_has_words(void **state)
{
	size_t n, mail_n;
	const struct rule *table = rules_table(&n), *mail = rules_mail(&mail_n);
	(void)state;
	for (size_t i = 0; i < n; i++) {
		assert_non_null(table[i].name);
		assert_true(!table[i].holds != !table[i].doubts);
		assert_int_not_equal(table[i].says, SAYS_NOTHING);
		assert_true(table[i].says != SAYS_TEXT || table[i].text);
		assert_true(!table[i].of_silence || table[i].text);
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(table[i].name, table[j].name);
	}
	for (size_t i = 0; i < mail_n; i++) {
		assert_non_null(mail[i].name);
		assert_int_not_equal(mail[i].says, SAYS_NOTHING);
	}
}

/* Mail ports that accepted and then draw nothing, while another port is answered: a list shut this
 * host out, and silence accuses nobody. */
static void shut_out(void **state)
{
	static const struct {
		const char *words, *rule;
	} rows[] = {
		{"8xc*s k*s 6xt*. 4xk*.", "shut-out"},
		{"8xc*s k*s 6xt*. k*s 6xk*.", "shut-out"}, /* a limit lets one pass now and then */
		{"8xc*s k*s 6xt*. 2xk*.", "silence"},	   /* two may be lost */
		{"8xc*s k*s 6xt*. 4xk*s", "silence"},
		{"8xc*s 6xt*. 6xk*.", "silence"}, /* it never accepted */
		{"4xc*s 4xc*. k*s 6xt*. 4xk*.", "silence"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct trace t;
		struct scene scene;
		struct claim claim;
		trace_init(&t);
		script_route(&t);
		t.run.own = true;
		script_run(&t, script_server(&t, 113), rows[i].words);
		script_run(&t, 0, "3xc1e 3xt1e 3xc2e 3xt2. 3xc3e 3xt3.");
		t.servers[0].controls[0] = 443;
		for (size_t at = 0; at < t.probes_n; at++) {
			if (t.probes[at].dst_port == SCRIPT_CONTROL)
				t.probes[at].dst_port = 443;
		}
		assert_int_equal(scene_build(&scene, &t), 0);
		claim_make(&scene, 0, &claim);
		assert_string_equal(claim.rule, rows[i].rule);
		assert_true(strcmp(claim.rule, "shut-out") != 0 || claim.state == STATE_UNKNOWN);
		scene_free(&scene);
		trace_free(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_own_row),	 cmocka_unit_test(doubled_syn),
		cmocka_unit_test(lossy_capture), cmocka_unit_test(silent_host),
		cmocka_unit_test(shut_out),	 cmocka_unit_test(each_has_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
