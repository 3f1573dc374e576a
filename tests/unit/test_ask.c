/* SPDX-License-Identifier: BSD-2-Clause */
/* What is asked next, and how long an answer is waited for. */
#include "infer/infer.h"
#include "infer/scene/build.h"
#include "infer/scene/rate.h"
#include "infer/scene/scene.h"
#include "infer/way/count.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "asked.h"

/* Where the port's SYNs expire in the server's name, the control tells whose router it is. */
static void renamed(void **state)
{
	static const char *const words[] = {
		"6xc*s 3xt*s c1e c2e 3xc3. c4e 2xc5s t1e t2e t3e9 t4e9 2xt5s",
		"6xc*s 3xt*s c1e c2e c3e c4e 2xc5s t1e t2e t3e9 t4e9 2xt5s"};
	(void)state;
	for (int known = 0; known < 2; known++) {
		struct trace t;
		script_begin(&t, words[known]);
		struct asked *a = ask(&t);
		assert_int_equal(count(a, 0, 3, false) - count(a, 0, 3, true), known ? 0 : 1);
		free(a);
		trace_free(&t);
	}
}

/* Of resets beside SYN-ACKs more is asked: how many clients get through? */
static void mixed(void **state)
{
	struct trace t;
	(void)state;
	script_begin(&t, "2xc*s 1xt*s 1xt*r62");
	struct asked *a = ask(&t);
	unsigned full = 0;
	for (size_t i = 0; i < a->agenda.questions_n; i++)
		full += a->q[i].ttl == 0 && a->q[i].port == SCRIPT_TARGET;
	assert_int_equal(full, 4);
	free(a);
	trace_free(&t);
}

/* Who rejects all is believed at once; where a SYN got past him, or may have, more are sent. */
static void spared(void **state)
{
#define REJECTS "6xc*s c1e c2e c3e 2xc4s 2xt*i2/62 t1e t2e "
	static const struct {
		const char *words, *other;
		unsigned full;
	} rows[] = {
		{REJECTS "t3i2/1", "3xc*s 2xt*i2/62", 0},
		{REJECTS "t3e", "3xc*s 2xt*i2/62", 5},
		{REJECTS "t3i2/1", "3xc*s 3xt*s", 5},
		/* The server itself rejects: none to others came by. */
		{"6xc*s c1e c2e c3e 2xc4s 2xt*i4/61 t1e t2e t3e 2xt4i4/1", "3xc*s 3xt*s", 0},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct trace t;
		script_begin(&t, rows[i].words);
		script_run(&t, script_server(&t, 2), rows[i].other);
		struct asked *a = ask(&t);
		unsigned full = 0;
		for (size_t q = 0; q < a->agenda.questions_n; q++)
			full += a->q[q].server == 0 && a->q[q].ttl == 0 &&
				a->q[q].port == SCRIPT_TARGET;
		assert_int_equal(full, rows[i].full);
		free(a);
		trace_free(&t);
	}
}

/* Where every reset by which the server itself would be met was lost, it is asked for again. */
static void met_again(void **state)
{
#define HOPS "6xc*s57 c1e c2e c3e c4e c5e c6e c7e 2xc8s57 6xt*r57 t1e t2e t3e t4e t5e t6e t7e "
	static const char *const words[] = {HOPS "t8.", HOPS "3xt8r57"};
	(void)state;
	for (int met = 0; met < 2; met++) {
		struct trace t;
		trace_init(&t);
		script_route(&t);
		t.run.own = true;
		script_run(&t, script_server(&t, 1), words[met]);
		struct asked *a = ask(&t);
		unsigned alone = 0;
		for (size_t i = 0; i < a->agenda.questions_n; i++)
			alone += a->q[i].ttl == 8 && !a->q[i].partner &&
				 a->q[i].port == SCRIPT_TARGET;
		assert_int_equal(alone, met ? 0 : 1);
		free(a);
		trace_free(&t);
	}
}

/* A hop's silence must be surer where SYNs are lost, and lost expiries tell less. */
static void surer_where_lost(void **state)
{
#define WAY(LOST) "12xc*s57 " LOST "6xt*. c1e c2e c3e c5e c6s57 t1e t2e t3e t5. "
	static const char *const words[] = {WAY("3xc*. ") "6xc4e 3xc4. 9xt4.",
					    WAY("") "9xc4e 9xt4."};
	(void)state;
	for (int well = 0; well < 2; well++) {
		struct trace t;
		trace_init(&t);
		script_route(&t);
		t.run.own = true;
		script_run(&t, script_server(&t, 1), words[well]);
		struct asked *a = ask(&t);
		assert_int_equal(count(a, 0, 4, true) > 0, !well);
		free(a);
		trace_free(&t);
	}
}

/* A SYN-ACK that was lost and sent again: no measure of the way, and not in time. */
static void sent_again(void **state)
{
	struct trace t;
	struct scene scene;
	(void)state;
	trace_init(&t);
	script_run(&t, script_server(&t, 1), "2xc*s 1xc*. 2xt*s");
	assert_int_equal(count_wait_ns(&t, 0, false), 201 * SCRIPT_MS);
	const struct probe *lost = &t.probes[2];
	struct reply again = {
		.probe = 2,
		.kind = REPLY_SYNACK,
		.from = t.servers[0].addr,
		.at_ns = lost->at_ns + 1001 * SCRIPT_MS,
		.ttl = 61,
		.ack_valid = true,
		.file = 1,
		.frame = 2000,
	};
	assert_true(trace_add_reply(&t, &again));
	assert_int_equal(count_wait_ns(&t, 0, false), 201 * SCRIPT_MS);
	assert_int_equal(scene_build(&scene, &t), 0);
	assert_int_equal(scene.paths[0].control.at[0].reached, 3);
	assert_int_equal(rate_of(&scene, 0)->control.late, 1);
	scene_free(&scene);
	trace_free(&t);
}

/* Of many servers that answer, one is silent by chance: it is asked more before it is believed. */
static void many_servers(void **state)
{
	(void)state;
	for (int others = 0; others <= 60; others += 60) {
		struct trace t;
		struct result r;
		trace_init(&t);
		t.run.hosts_given = true;
		script_run(&t, script_server(&t, 1), "1xt*. 5xc*s 2xc*. 5xt*.");
		for (int i = 0; i < others; i++)
			script_run(&t, script_server(&t, (uint8_t)(2 + i)), "3xc*s 3xt*s");
		assert_int_equal(infer_judge(&t, &r), 0);
		assert_int_equal(r.findings[0].judgement.state,
				 others ? STATE_UNKNOWN : STATE_BLOCKED);
		result_free(&r);
		trace_free(&t);
	}
}

/* The port passes hop 3 and misses hop 2: as many more flows are tried as can decide. */
static void now_and_then(void **state)
{
	static const char *const words[] = {
		"2xc*s 3xc1e 3xc2e 3xc3e 3xc4s 2xt*. 3xt1e 3xt2. 1xt3e 2xt3. 3xt4.",
		"2xc*s 3xc1e 3xc2e 3xc3e 3xc4s 2xt*. 3xt1e 3xt2e 3xt3. 3xt4.",
	};
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		unsigned full = 0;
		struct trace t;
		script_begin(&t, words[i]);
		struct asked *a = ask(&t);
		for (size_t k = 0; k < a->agenda.questions_n; k++)
			full += a->q[k].ttl == 0 && a->q[k].port == SCRIPT_TARGET && !a->q[k].last;
		assert_int_equal(full, i == 0 ? 10 : 1);
		free(a);
		trace_free(&t);
	}
}

struct way {
	const char *words;
	uint8_t ttl; /* that is asked for next, of a pair or of one port */
	uint16_t port;
	uint16_t partner;
};

/* Where the port's way may not be the control's, or goes on where that one ends. */
static void other_ways(void **state)
{
	static const struct way ways[] = {
		/* The control was lost at the port's last router: is it the control's, too? */
		{"6xc*s 3xc1e 3xc2. 3xc3e 3xc4s 6xt*. 3xt1e 3xt2e 3xt3. 3xt4.", 2, SCRIPT_CONTROL,
		 0},
		/* The ports met different routers at hop 2: by chance or by the port? */
		{"6xc*s 3xc1e 3xc2e 3xc3e 3xc4s 6xt*. 3xt1e 3xt2e22 3xt3. 3xt4.", 2, SCRIPT_CONTROL,
		 SCRIPT_TARGET},
		/* The port's SYNs expire at the control's distance: how far do they go? */
		{"6xc*s 3xc1e 3xc2e 3xc3e 3xc4s 6xt*. 3xt1e 3xt2e 3xt3e 3xt4e", 5, SCRIPT_TARGET,
		 0},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
		unsigned found = 0;
		struct trace t;
		script_begin(&t, ways[i].words);
		struct asked *a = ask(&t);
		for (size_t k = 0; k < a->agenda.questions_n; k++)
			found += a->q[k].ttl == ways[i].ttl && a->q[k].port == ways[i].port &&
				 a->q[k].partner == ways[i].partner;
		assert_int_equal(found, 1);
		free(a);
		trace_free(&t);
	}
}

static void add_session(struct trace *t, uint32_t server, enum session_end end)
{
	bool done = end == SESSION_DONE;
	struct session session = {
		.server = server,
		.port = SCRIPT_TARGET,
		.lines = "S: 220 mx.example\nC: EHLO x\nS: 250-mx\nS: 250 STARTTLS\n"
			 "C: STARTTLS\nS: 220 go",
		.stage = done ? SESSION_COMPLETE : SESSION_AGREED,
		.end = end,
		.has_verify = done,
		.name_checked = done,
		.name_fits = done,
		.chain = "mx.example",
	};
	assert_true(trace_add_session(t, &session));
}

/* Further sessions only repeat what two networks showed, on a line that loses packets. */
static void settled(void **state)
{
	struct trace t;
	(void)state;
	trace_init(&t);
	for (uint8_t n = 1; n <= 3; n++)
		script_run(&t, script_server(&t, n), "3xc*s 3xt*s");
	add_session(&t, 0, SESSION_DONE);
	add_session(&t, 1, SESSION_DONE);
	assert_false(mail_settled(&t));
	script_run(&t, 0, "1xc*.");
	assert_true(mail_settled(&t));
	add_session(&t, 2, SESSION_RESET);
	assert_false(mail_settled(&t));
	trace_free(&t);
}

/*
 * A polite run asks no more than a second look of a port that answers, none of ports that ban lists
 * count, and everything as soon as something is wrong.
 */
static void polite(void **state)
{
	static const struct {
		const char *words;
		bool calm;
		unsigned asked; /* SYNs to the port under test, while it is calm */
	} rows[] = {
		{"1xt*s", true, 1},
		{"2xt*s", true, 0},
		{"2xt*s 1xt3e", true, 0},
		{"1xt*s 1xt*.", false, 0},
		{"1xt*r62", false, 0},
		{"1xt*s 1xt*r62", false, 0},
		{"1xt*-", false, 0},
		{"1xt*i2/62", false, 0},
		{"2xt*s t3e9", false, 0},
		{"2xt*s t3s", false, 0},
		{"2xt*s c*s60", false, 0}, /* the control is answered from further away */
		{"2xt*s c*s c3e t3.", false, 0},
		{"2xt*s c*s c3e t3e", true, 1}, /* the way before it once more */
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct trace t;
		script_begin(&t, rows[i].words);
		t.run.polite = true;
		struct asked *a = ask(&t);
		unsigned target = 0, others = 0;
		for (size_t q = 0; q < a->agenda.questions_n; q++) {
			target += a->q[q].port == SCRIPT_TARGET;
			others += a->q[q].port != SCRIPT_TARGET || a->q[q].partner;
		}
		assert_int_equal(a->agenda.calm, rows[i].calm);
		assert_int_equal(rows[i].calm ? target : rows[i].asked, rows[i].asked);
		assert_true(rows[i].calm ? others == 0 : others > 0);
		free(a);
		trace_free(&t);
	}
}

/* Where sessions are held they are the first to ask: nothing else is, and nobody counts as absent.
 */
static void session_first(void **state)
{
	struct trace t;
	(void)state;
	trace_init(&t);
	script_route(&t);
	(void)script_server(&t, 1);
	t.run.polite = t.run.smtp = t.run.own = true;
	struct asked *a = ask(&t);
	struct mail_question q[8];
	assert_int_equal(a->agenda.questions_n, 0);
	assert_int_equal(a->agenda.pending, 1);
	assert_false(a->agenda.nobody);
	assert_int_equal(mail_ask(&t, MAIL_HEARD, q, 8), 1);
	/* While its session waits for a greeting, port 465 may be the way out. */
	assert_int_equal(mail_ask(&t, MAIL_SILENT, q, 8), 2);
	assert_int_equal(q[1].port, MAIL_TLS_PORT);
	assert_int_equal(q[1].pass, SESSION_IMPLICIT);
	/* For long: TLS may come first on the port itself. */
	assert_int_equal(mail_ask(&t, MAIL_LONG_SILENT, q, 8), 3);
	assert_int_equal(q[2].port, t.servers[0].port);
	assert_int_equal(q[2].pass, SESSION_IMPLICIT);
	t.run.polite = false;
	assert_int_equal(mail_ask(&t, MAIL_HEARD, q, 8), 0);
	free(a);
	trace_free(&t);
}

/* Where a port is silent, a mail port that accepted is asked once more, later than the silent one.
 */
static void asked_again(void **state)
{
	static const struct {
		const char *words;
		unsigned last;
	} rows[] = {
		{"4xc*s 8xt*.", 1},
		{"4xc*s 8xt*. c*s", 0},
		/* Lost or shut out: two more tell, after whatever needs a rest. */
		{"4xc*s 8xt*. c*.", 0},
		{"t*. 20xc*s 7xt*. c*.", 1},
		{"4xc*s 8xt*. c*s t*.", 1},
		{"4xc*s 4xt*s", 0},
		{"4xc*s 4xt*r62", 0},
		{"4xc*. 8xt*.", 0}, /* it never accepted */
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct trace t;
		trace_init(&t);
		script_route(&t);
		t.run.own = true;
		script_run(&t, script_server(&t, 1), rows[i].words);
		struct asked *a = ask(&t);
		unsigned last = 0;
		for (size_t q = 0; q < a->agenda.questions_n; q++) {
			bool again = a->q[q].last && !a->q[q].after_ns;
			last += again;
			assert_true(!again || a->q[q].port == SCRIPT_CONTROL);
		}
		assert_int_equal(last, rows[i].last);
		free(a);
		trace_free(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(renamed),	    cmocka_unit_test(mixed),
		cmocka_unit_test(spared),	    cmocka_unit_test(met_again),
		cmocka_unit_test(surer_where_lost), cmocka_unit_test(sent_again),
		cmocka_unit_test(many_servers),	    cmocka_unit_test(settled),
		cmocka_unit_test(other_ways),	    cmocka_unit_test(now_and_then),
		cmocka_unit_test(polite),	    cmocka_unit_test(session_first),
		cmocka_unit_test(asked_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
