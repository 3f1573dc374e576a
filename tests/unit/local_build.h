/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef TESTS_LOCAL_BUILD_H
#define TESTS_LOCAL_BUILD_H

/*
 * A ledger of one server whose SYNs fare as a test's letters say.
 */

#include "trace/trace.h"
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
/* cmocka needs the four above first */
#include <cmocka.h>

#define MS	  INT64_C(1000000)
#define START	  INT64_C(1700000000000000000)
#define PORT	  587
#define CONTROL	  993
#define RAW_PORT  20000
#define ROOT_PORT 21000
#define USER_PORT 22000

static struct addr address(const char *text)
{
	struct addr a;
	assert_true(addr_parse(text, &a));
	return a;
}

static void fill(struct trace *t)
{
	struct server server = {
		.host = "mx.example",
		.addr = address("203.0.113.25"),
		.client = address("192.168.1.20"),
		.port = PORT,
		.controls = {CONTROL},
		.controls_n = 1,
	};
	struct port_range ranges[] = {{RAW_PORT, RAW_PORT + 99, PROBE_RAW},
				      {ROOT_PORT, ROOT_PORT + 15, PROBE_KERNEL},
				      {USER_PORT, USER_PORT + 15, PROBE_KERNEL}};
	trace_init(t);
	t->run = (struct run_facts){.port = PORT, .own = true, .complete_facts = true};
	t->run.started_ns = START;
	t->run.hosts_given = true;
	assert_true(trace_add_server(t, &server));
	for (size_t i = 0; i < 3; i++)
		assert_true(trace_add_range(t, &ranges[i]));
	assert_true(trace_add_user(t, &(struct user){.uid = 0, .name = "root"}));
	assert_true(trace_add_user(t, &(struct user){.uid = 1000, .name = "alice"}));
}

static uint32_t add_syn(struct trace *t, enum probe_kind kind, uint16_t port, uint16_t src_port)
{
	struct probe p = {
		.kind = kind,
		.dst_port = port,
		.src_port = src_port,
		.seq = src_port,
		.ttl = 64,
		.at_ns = START,
		.last_ns = START,
		.sent = 1,
		.ifindex = 2,
		.frame = src_port,
		.file = 1,
	};
	return trace_add_probe(t, &p);
}

static void add_reply(struct trace *t, uint32_t probe, enum reply_kind kind)
{
	struct reply r = {
		.probe = probe,
		.kind = kind,
		.from = t->servers[0].addr,
		.at_ns = START + 10 * MS,
		.ttl = 60,
		.ack_valid = true,
	};
	assert_true(trace_add_reply(t, &r));
}

static void add_stray(struct trace *t, enum stray_kind kind, uint16_t port, uint16_t src_port)
{
	struct stray s = {
		.kind = kind,
		.server = kind == STRAY_SYN ? TRACE_NONE : 0,
		.port = kind == STRAY_SYN ? 2525 : port,
		.src_port = src_port,
		.seq = src_port,
		.other = address(kind == STRAY_SYN ? "127.0.0.1" : "192.168.1.20"),
		.icmp_type = 3,
		.icmp_code = 13,
		.loopback = true,
	};
	assert_true(trace_add_stray(t, &s));
}

/*
 * One raw SYN: 'o' answered, 'l' the same a second later, 's' seen and silent, 'x' refused with
 * EPERM, 'r' the same with a reset on lo, 'i' with an ICMP error there, 'b' ENOBUFS, 'u' never
 * seen, 'e' gone elsewhere.
 */
static void play_raw(struct trace *t, char what, uint16_t port, uint16_t src_port)
{
	struct send_error refused = {0, port, src_port, 64, PROBE_RAW, EPERM, START};
	struct unseen unseen = {0, port, src_port, src_port, 64, PROBE_RAW, START};
	if (what == 'o')
		add_reply(t, add_syn(t, PROBE_RAW, port, src_port), REPLY_SYNACK);
	if (what == 's')
		add_syn(t, PROBE_RAW, port, src_port);
	if (what == 'l') {
		uint32_t p = add_syn(t, PROBE_RAW, port, src_port);
		t->probes[p].at_ns += 1000 * MS;
		add_reply(t, p, REPLY_SYNACK);
	}
	if (strchr("xri", what))
		assert_true(trace_add_send_error(t, &refused));
	if (what == 'r')
		add_stray(t, STRAY_RESET, port, src_port);
	if (what == 'i')
		add_stray(t, STRAY_ICMP, port, src_port);
	refused.error = ENOBUFS;
	if (what == 'b')
		assert_true(trace_add_send_error(t, &refused));
	if (what == 'u' || what == 'e')
		assert_true(trace_add_unseen(t, &unseen));
	if (what == 'e')
		add_stray(t, STRAY_SYN, port, src_port);
}

/*
 * One connect(): 'o' succeeds, 'h' hangs with no SYN seen, 's' hangs with a silent SYN, 'a' hangs
 * though its SYN was answered, 'r' is refused with a reset on lo, 'i' with an ICMP error there, 'p'
 * EPERM at once, 'c' EACCES at once, 'e' succeeds somewhere else, 'd' its SYN leaves by another
 * device.
 */
static void play_connect(struct trace *t, char what, uint16_t port, uint16_t src_port,
			 const struct user *user)
{
	struct connect_result c = {
		.port = port,
		.src_port = src_port,
		.uid = user->uid,
		.user = user->name,
		.at_ns = START,
		.took_ns = what == 'o' || what == 'e' ? 10 * MS : 1 * MS,
	};
	c.error = what == 'o' || what == 'e' ? 0
		  : what == 'r'		     ? ECONNREFUSED
		  : what == 'i'		     ? EHOSTUNREACH
		  : what == 'p'		     ? EPERM
		  : what == 'c'		     ? EACCES
					     : EINPROGRESS;
	if (c.error == EINPROGRESS)
		c.took_ns = 3000 * MS;
	if (strchr("osad", what)) {
		uint32_t p = add_syn(t, PROBE_KERNEL, port, src_port);
		if (what == 'o' || what == 'a')
			add_reply(t, p, REPLY_SYNACK);
		t->probes[p].established = what == 'o';
		t->probes[p].ifindex = what == 'd' ? 7 : 2;
	}
	if (what == 'r')
		add_stray(t, STRAY_RESET, port, src_port);
	if (what == 'i')
		add_stray(t, STRAY_ICMP, port, src_port);
	if (what == 'e')
		add_stray(t, STRAY_SYN, port, src_port);
	assert_true(trace_add_connect(t, &c));
}

#endif
