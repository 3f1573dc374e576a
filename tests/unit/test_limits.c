/* SPDX-License-Identifier: BSD-2-Clause */
/* Captures made to be too much: counters that must not wrap, chains that must not grow. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "infer/infer.h"
#include "trace/pairs_take.h"
#include "trace/trace.h"

#define PORTS	  65536
#define SECOND_NS INT64_C(1000000000)
#define WALK	  1024 /* steps along a chain of the pairs */

static const struct addr client = {.family = 4, .b = {192, 0, 2, 1}};
static const struct addr server = {.family = 4, .b = {203, 0, 113, 25}};

static void begin(struct trace *t)
{
	struct server item = {.host = "203.0.113.25",
			      .addr = server,
			      .client = client,
			      .port = 587,
			      .controls = {993},
			      .controls_n = 1};

	trace_init(t);
	t->run.port = 587;
	assert_true(trace_add_server(t, &item));
}

/* A SYN; with a SYN-ACK if it is answered. */
static void ask(struct trace *t, uint16_t port, uint32_t number, bool answered)
{
	struct probe p = {
		.kind = PROBE_FOREIGN,
		.dst_port = port,
		.src_port = (uint16_t)number,
		.seq = number,
		.ttl = 64,
		.ip_id = 1,
		.at_ns = SECOND_NS + number * (SECOND_NS / 1000),
		.sent = 1,
	};
	struct reply r = {.kind = REPLY_SYNACK, .from = server, .ttl = 60, .ack_valid = true};

	p.last_ns = p.at_ns;
	r.at_ns = p.at_ns + SECOND_NS / 100;
	r.probe = trace_add_probe(t, &p);
	assert_int_not_equal(r.probe, TRACE_NONE);
	if (answered)
		assert_true(trace_add_reply(t, &r));
	trace_clock(t, r.at_ns);
}

/* As many connections as source ports, and some more: none of them may be forgotten. */
static void test_counters(void **state)
{
	struct trace t;
	struct result result;

	(void)state;
	begin(&t);
	for (uint32_t i = 0; i < 10; i++)
		ask(&t, 993, i, true);
	for (uint32_t i = 0; i < PORTS; i++)
		ask(&t, 587, i, true);
	for (uint32_t i = 0; i < 10; i++)
		ask(&t, 587, 100 * PORTS + i, false);
	t.run.ended_ns = t.last_ns + 60 * SECOND_NS;
	trace_clock(&t, t.run.ended_ns);
	assert_int_equal(infer_judge(&t, &result), 0);
	assert_int_not_equal(result.verdict.judgement.state, STATE_BLOCKED);
	assert_int_not_equal(result.verdict.judgement.state, STATE_CLOSED);
	result_free(&result);
	trace_free(&t);
}

/* What is answered when no more answers fit is not silent. */
static void test_answers(void **state)
{
	struct reply r = {.kind = REPLY_SYNACK, .from = server, .ttl = 60, .ack_valid = true};
	struct trace t;
	struct result result;
	uint32_t number = 0;

	(void)state;
	begin(&t);
	for (; number < 10; number++)
		ask(&t, 993, number, true);
	/* These wait for an answer that comes too late to be kept. */
	for (; number < 20; number++)
		ask(&t, 587, number, false);
	for (r.at_ns = t.last_ns; trace_add_reply(&t, &r);)
		assert_true(t.replies_n <= TRACE_REPLIES_MAX);
	assert_true(t.full);
	assert_int_equal(trace_add_probe(&t, &t.probes[0]), TRACE_NONE);
	t.run.ended_ns = t.last_ns + 60 * SECOND_NS;
	trace_clock(&t, t.run.ended_ns);
	assert_int_equal(infer_judge(&t, &result), 0);
	assert_int_equal(result.verdict.judgement.state, STATE_UNKNOWN);
	result_free(&result);
	trace_free(&t);
}

/* 5-tuples that share a bucket as long as there are 256 of these. */
static void test_chain(void **state)
{
	struct trace t;
	unsigned kept = 0;

	(void)state;
	begin(&t);
	for (uint32_t i = 0; i < PORTS && !t.full; i++) {
		const uint16_t ports[] = {587, (uint16_t)i};
		struct probe p = {.dst_port = 587, .src_port = (uint16_t)i, .seq = i};

		if (addr_hash(&server, bytes_hash(ports, sizeof(ports), 0)) % 256 != 7)
			continue;
		if (trace_add_probe(&t, &p) != TRACE_NONE)
			kept++;
		assert_true(t.full || trace_find_tuple(&t, &server, 587, (uint16_t)i) == kept - 1);
	}
	assert_true(t.full);
	assert_int_equal(kept, BYTES_CHAIN_MAX);
	trace_free(&t);
}

/* What is remembered of a SYN's company does not outlive a change of it. */
static void test_company(void **state)
{
	struct trace t;
	struct probe p = {.dst_port = 587, .src_port = 4000, .sent = 1};
	struct reply expired = {.probe = 0, .kind = REPLY_EXPIRED};

	(void)state;
	begin(&t);
	for (p.seq = 1; p.seq <= 2; p.seq++)
		assert_int_equal(trace_add_probe(&t, &p), p.seq - 1);
	assert_true(trace_alone(&t, &t.probes[0]));
	assert_false(trace_alone(&t, &t.probes[1]));
	assert_true(trace_add_reply(&t, &expired));
	assert_true(trace_alone(&t, &t.probes[1]));
	expired.probe = 1;
	assert_true(trace_add_reply(&t, &expired));
	/* With so many before it, the last one is never alone. */
	for (; p.seq <= TRACE_TUPLE_MAX + 2; p.seq++) {
		expired.probe = trace_add_probe(&t, &p);
		assert_true(trace_add_reply(&t, &expired));
	}
	assert_true(trace_alone(&t, &t.probes[TRACE_TUPLE_MAX]));
	assert_false(trace_alone(&t, &t.probes[TRACE_TUPLE_MAX + 1]));
	trace_free(&t);
}

/* A client that uses one 5-tuple again and again: the pairs are full, and say so. */
static void test_pairs(void **state)
{
	struct packet k = {
		.kind = PACKET_TCP,
		.ip = {.src = client, .dst = server, .ttl = 64},
		.tcp = {.src_port = 4000, .dst_port = 587, .flags = TCP_SYN},
	};
	struct trace t;
	struct pairs pairs;

	(void)state;
	begin(&t);
	ask(&t, 587, 4000, false);
	assert_true(pairs_init(&pairs));
	pairs.captures_n = 1;
	while (!pairs.full && k.frame < 2 * WALK) {
		k.tcp.seq = ++k.frame;
		pairs_take(&pairs, &t, 0, &k);
	}
	assert_true(pairs.full);
	assert_int_equal(pairs.attempts_n, WALK + 2);
	pairs_free(&pairs);
	trace_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counters), cmocka_unit_test(test_answers),
		cmocka_unit_test(test_chain),	 cmocka_unit_test(test_company),
		cmocka_unit_test(test_pairs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
