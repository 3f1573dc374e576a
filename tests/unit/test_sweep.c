/* SPDX-License-Identifier: BSD-2-Clause */
/* How the way is swept: everywhere to an open port, where it decides to one that fails. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "asked.h"

/*
 * A rejecting router has few answers: first of all the control expires at it, once for all servers;
 * beyond it nobody is asked in pairs but the first.
 */
static void rejected(void **state)
{
	struct trace t;
	(void)state;
	trace_init(&t);
	script_route(&t);
	for (uint8_t n = 1; n <= 3; n++)
		script_run(&t, script_server(&t, n), "1xc*s 1xt*i2/62");
	struct asked *a = ask(&t);
	unsigned first = 0;
	for (size_t i = 0; i < a->agenda.questions_n; i++) {
		const struct question *q = &a->q[i];
		bool place = q->ttl == 2 && !q->partner && q->rank == 1;
		first += place;
		assert_false(q->ttl == 0 && q->port == SCRIPT_TARGET && q->rank < 3);
	}
	assert_int_equal(first, 1);
	assert_int_equal(count(a, 0, 3, true), 1);
	assert_int_equal(count(a, 0, 4, true), 0);
	for (uint8_t ttl = 1; ttl <= 4; ttl++)
		assert_int_equal(count(a, 1, ttl, false) + count(a, 2, ttl, false), 0);
	free(a);
	script_run(&t, 0, "1xc1e 1xt1e 1xc2. 1xt2. 1xc3e 1xt3i2/1 1xc4s");
	a = ask(&t);
	assert_int_equal(count(a, 1, 3, true) + count(a, 2, 3, true), 0);
	assert_int_equal(count(a, 1, 3, false), 1);
	assert_int_equal(count(a, 1, 2, false), 0);
	assert_int_equal(count(a, 1, 1, false), 1);
	free(a);
	/* Once the router shows itself on one server's way, no other is asked for it. */
	for (uint32_t s = 1; s < 3; s++)
		script_run(&t, s, "1xc1e 1xt1e 1xc3e 1xt3. 1xc4s 1xt4.");
	script_run(&t, 1, "1xc2e");
	a = ask(&t);
	for (uint32_t s = 0; s < 3; s++)
		assert_int_equal(count(a, s, 2, false), 0);
	free(a);
	trace_free(&t);
}

/* The hops about a place of silence are not asked for twice at once, nor before the distance is. */
static void swept_first(void **state)
{
	struct trace t;
	(void)state;
	script_begin(&t, "3xc*s 3xt*.");
	struct asked *a = ask(&t);
	assert_int_equal(count(a, 0, 1, true), 1);
	assert_int_equal(count(a, 0, 2, true), 1);
	assert_int_equal(count(a, 0, 20, true), 0);
	free(a);
	trace_free(&t);
}

/* Pairs, and SYNs alone, at each TTL from 1 on, to the first server and to the second. */
static void pairs(void **state)
{
	static const struct {
		const char *first, *second;
		unsigned pairs[2][5], singles[2][5];
	} rows[] = {
		/* An open port everywhere; one that fails once, as long as its end is not known. */
		{"3xc*s 3xt*s", NULL, {{3, 3, 3, 3}}, {{0}}},
		{"3xc*s 5xt*.", NULL, {{1, 1, 1}}, {{0, 0, 0, 1}}},
		/* Then where it ends, be it by silence or by resets, and where nobody shows. */
		{"3xc*s 3xt*. c1e t1e c2e t2e c3e t3. c4e t4. c5s", NULL, {{0, 2, 2}}, {{0}}},
		{"3xc*s 3xt*r62 c1e t1e c2e t2e c3e t3r62 c4e t4r62 c5s t5r62",
		 NULL,
		 {{0, 2, 2}},
		 {{0, 0, 1}}},
		{"3xc*s 3xt*. c1e t1e c2. t2. c3e t3e c4e t4. c5s", NULL, {{0, 2, 2, 2}}, {{0}}},
		/* A second server waits for the first one's end, and is asked beside it. */
		{"3xc*s 3xt*.", "3xc*s 3xt*.", {{1, 1, 1}}, {{0, 0, 0, 1}}},
		{"3xc*s 3xt*. c1e t1e c2e t2e c3e t3. c4e t4. c5s",
		 "3xc*s 3xt*.",
		 {{0, 1, 1}, {0, 1, 1}},
		 {{0}, {1, 0, 0, 1}}},
		/* Where its own SYNs deny that, it is asked everywhere. */
		{"3xc*s 3xt*. c1e t1e c2e t2e c3e t3. c4e t4. c5s",
		 "3xc*s 3xt*. c2e t2e c3e t3e",
		 {{0, 1, 1, 2}, {1}},
		 {{0}, {0, 0, 0, 1}}},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct trace t;
		script_begin(&t, rows[i].first);
		if (rows[i].second)
			script_run(&t, script_server(&t, 2), rows[i].second);
		struct asked *a = ask(&t);
		for (uint32_t s = 0; s < t.servers_n; s++) {
			for (uint8_t ttl = 1; ttl <= 5; ttl++) {
				unsigned n = count(a, s, ttl, true);
				assert_int_equal(n, rows[i].pairs[s][ttl - 1]);
				assert_int_equal(count(a, s, ttl, false) - n,
						 rows[i].singles[s][ttl - 1]);
			}
		}
		free(a);
		trace_free(&t);
	}
}

/* A SYN of full TTL, sent so long ago. */
static void add_syn(struct trace *t, uint16_t port, int64_t ago_ns, int64_t rtt_ns)
{
	struct probe p = {
		.kind = PROBE_RAW,
		.dst_port = port,
		.src_port = (uint16_t)(30000 + t->probes_n),
		.ttl = 64,
		.at_ns = 10000 * SCRIPT_MS - ago_ns,
		.last_ns = 10000 * SCRIPT_MS - ago_ns,
		.sent = 1,
	};
	struct reply r = {.from = t->servers[0].addr, .kind = REPLY_SYNACK, .ack_valid = true};
	r.probe = trace_add_probe(t, &p);
	r.at_ns = p.at_ns + rtt_ns;
	if (rtt_ns)
		trace_add_reply(t, &r);
}

/* A port whose answer is late is swept before its silence counts; an answer about due is awaited.
 */
static void late(void **state)
{
	static const struct {
		int64_t ago_ms;
		unsigned pairs;
	} rows[] = {{100, 0}, {105, 0}, {115, 1}, {250, 1}};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct trace t;
		trace_init(&t);
		script_route(&t);
		t.run.own = true;
		(void)script_server(&t, 1);
		for (unsigned n = 0; n < 3; n++)
			add_syn(&t, SCRIPT_CONTROL, 2000 * SCRIPT_MS, 100 * SCRIPT_MS);
		add_syn(&t, 465, 2000 * SCRIPT_MS, 100 * SCRIPT_MS);
		add_syn(&t, SCRIPT_TARGET, rows[i].ago_ms * SCRIPT_MS, 0);
		trace_clock(&t, 10000 * SCRIPT_MS);
		struct asked *a = ask(&t);
		assert_int_equal(count(a, 0, 3, true), rows[i].pairs);
		assert_int_equal(a->agenda.pending, 1);
		if (!rows[i].pairs)
			assert_int_equal(a->agenda.due_ns,
					 (10000 + 110 - rows[i].ago_ms) * SCRIPT_MS);
		free(a);
		trace_free(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rejected),
		cmocka_unit_test(swept_first),
		cmocka_unit_test(pairs),
		cmocka_unit_test(late),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
