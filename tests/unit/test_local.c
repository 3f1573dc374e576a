/* SPDX-License-Identifier: BSD-2-Clause */
/* This host as the culprit: each signature by its row, and what must not be taken for one. */
#include "infer/infer.h"
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

/* What happened to the SYNs of a case: letters, see play(). */
struct local_row {
	const char *name;
	const char *raw, *raw_control; /* three SYNs each, one letter */
	const char *root, *user;       /* connect() to the port; "" not tried */
	const char *extra;	       /* what else is known */
	const char *kind;	       /* the finding, "" none */
	enum state state;
	enum blocker blocker;
};

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
	assert_true(trace_add_user(t, &(struct user){0, "root"}));
	assert_true(trace_add_user(t, &(struct user){1000, "alice"}));
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
 * One raw SYN: 'o' answered, 's' seen and silent, 'x' refused with EPERM, 'r' the same with a reset
 * on lo, 'i' with an ICMP error there, 'b' ENOBUFS, 'u' never seen, 'e' gone elsewhere.
 */
static void play_raw(struct trace *t, char what, uint16_t port, uint16_t src_port)
{
	struct send_error refused = {0, port, src_port, 64, PROBE_RAW, EPERM, START};
	struct unseen unseen = {0, port, src_port, src_port, 64, PROBE_RAW, START};
	if (what == 'o')
		add_reply(t, add_syn(t, PROBE_RAW, port, src_port), REPLY_SYNACK);
	if (what == 's')
		add_syn(t, PROBE_RAW, port, src_port);
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

static void add_routes(struct trace *t, int error, uint32_t ifindex)
{
	struct flow_route r = {.port = CONTROL, .ifindex = 2, .interface = "eth0"};
	assert_true(trace_add_flow_route(t, &r));
	r = (struct flow_route){.port = PORT, .error = error, .ifindex = ifindex};
	r.interface = "tun0";
	assert_true(trace_add_flow_route(t, &r));
}

/* 'p' a prohibiting rule, 't' one that leads elsewhere, 'f' a full table, 'l' lost packets, 'c' bad
 * checksums. */
static void play_extra(struct trace *t, char what)
{
	struct counter counters[] = {{"conntrack-count", 999}, {"conntrack-max", 1000}};
	struct counter bad = {"bad-checksums", 3};
	struct drop_window lost = {START - MS, START + 4000 * MS, 5};
	if (what == 'p')
		add_routes(t, EACCES, 0);
	if (what == 't')
		add_routes(t, 0, 7);
	for (int i = 0; i < 2 && what == 'f'; i++)
		assert_true(trace_add_counter(t, &counters[i]));
	if (what == 'l')
		assert_true(trace_add_drop(t, &lost));
	if (what == 'c')
		assert_true(trace_add_counter(t, &bad));
}

static void play(struct trace *t, const struct local_row *row)
{
	uint16_t src = RAW_PORT;
	fill(t);
	for (const char *c = row->raw; *c; c++)
		play_raw(t, *c, PORT, src++);
	for (const char *c = row->raw_control; *c; c++)
		play_raw(t, *c, CONTROL, src++);
	if (*row->root) {
		play_connect(t, row->root[0], PORT, ROOT_PORT, &t->users[0]);
		play_connect(t, row->root[1], CONTROL, ROOT_PORT + 1, &t->users[0]);
	}
	if (*row->user) {
		play_connect(t, row->user[0], PORT, USER_PORT, &t->users[1]);
		play_connect(t, row->user[1], CONTROL, USER_PORT + 1, &t->users[1]);
	}
	for (const char *c = row->extra; *c; c++)
		play_extra(t, *c);
	trace_clock(t, START + 4000 * MS);
	t->run.ended_ns = START + 4000 * MS;
}

#define BLOCKED_HERE STATE_BLOCKED, BLOCKER_LOCAL_HOST
#define OPEN	     STATE_OPEN, BLOCKER_NONE
#define UNDECIDED    STATE_UNKNOWN, BLOCKER_UNKNOWN

static const struct local_row rows[] = {
	{"drop", "xxx", "ooo", "ho", "", "", "output-drop", BLOCKED_HERE},
	{"drop, both users", "xxx", "ooo", "ho", "ho", "", "output-drop", BLOCKED_HERE},
	{"reset", "rrr", "ooo", "ro", "", "", "output-reject-reset", BLOCKED_HERE},
	{"icmp", "iii", "ooo", "io", "", "", "output-reject-icmp", BLOCKED_HERE},
	{"icmp for connect alone", "xxx", "ooo", "io", "", "", "output-reject-icmp", BLOCKED_HERE},
	{"egress, by error", "bbb", "ooo", "ho", "", "", "egress-drop", BLOCKED_HERE},
	{"egress, silently", "uuu", "ooo", "ho", "", "", "egress-drop", BLOCKED_HERE},
	{"input", "ooo", "ooo", "ao", "", "", "input-drop", BLOCKED_HERE},
	{"denied", "ooo", "ooo", "po", "", "", "connect-denied", BLOCKED_HERE},
	{"denied by a module", "ooo", "ooo", "co", "", "", "connect-denied", BLOCKED_HERE},
	{"prohibited", "ooo", "ooo", "co", "", "p", "policy-route", BLOCKED_HERE},
	{"led elsewhere", "ooo", "ooo", "ho", "", "t", "policy-route", BLOCKED_HERE},
	{"leaves elsewhere", "ooo", "ooo", "do", "", "", "policy-route", BLOCKED_HERE},
	{"one user", "ooo", "ooo", "oo", "ro", "", "owner-rule", BLOCKED_HERE},
	{"root alone is dropped", "xxx", "ooo", "ho", "oo", "", "owner-rule", BLOCKED_HERE},
	{"kernel's SYNs alone", "ooo", "ooo", "ho", "", "", "output-drop", BLOCKED_HERE},
	{"redirected", "eee", "ooo", "eo", "", "", "local-redirect", STATE_INTERCEPTED,
	 BLOCKER_LOCAL_HOST},
	{"table full", "xxo", "oox", "ho", "", "f", "conntrack-full", UNDECIDED},
	/* and what is no finding about this host */
	{"open", "ooo", "ooo", "oo", "oo", "", "", OPEN},
	{"silent further out", "sss", "ooo", "so", "", "", "", STATE_BLOCKED, BLOCKER_UNKNOWN},
	{"everything dropped", "xxx", "xxx", "hh", "", "", "", UNDECIDED},
	{"everything vanishes", "uuu", "uuu", "hh", "", "", "", UNDECIDED},
	{"raw sockets alone are refused", "xxx", "ooo", "oo", "", "", "", OPEN},
	{"a limit hits both", "xxx", "oox", "ho", "", "", "", UNDECIDED},
	{"a single refusal", "x", "ooo", "", "", "", "", UNDECIDED},
	{"full queue, both ports", "bbb", "oob", "ho", "", "", "", UNDECIDED},
	{"unseen in a lossy capture", "uuu", "ooo", "oo", "", "l", "", OPEN},
	{"damaged answers", "ooo", "ooo", "ao", "", "c", "", OPEN},
	{"no connection at all", "ooo", "ooo", "pp", "", "", "", OPEN},
};

static void check_row(const struct local_row *row)
{
	struct trace t;
	struct result r;
	const char *kind = "";
	play(&t, row);
	assert_int_equal(infer_judge(&t, &r), 0);
	for (size_t i = 0; i < r.facts_n && !*kind; i++) {
		bool known = strcmp(r.facts[i].kind, "connect") == 0 ||
			     strcmp(r.facts[i].kind, "send-error") == 0;
		kind = known ? "" : r.facts[i].kind;
	}
	if (strcmp(kind, row->kind) != 0 || r.verdict.judgement.state != row->state ||
	    r.verdict.judgement.blocker != row->blocker)
		fail_msg("%s: found '%s', %s, %s: %s", row->name, kind,
			 state_name(r.verdict.judgement.state),
			 blocker_name(r.verdict.judgement.blocker), r.verdict.sentence);
	result_free(&r);
	trace_free(&t);
}

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		check_row(&rows[i]);
}

/* The rule that fits the finding is quoted, with what would allow the port. */
static void test_quote(void **state)
{
	(void)state;
	static const struct filter_rule rules[] = {
		{4, HOOK_INPUT, FILTER_DROP, false, false, "an input rule", "x"},
		{6, HOOK_OUTPUT, FILTER_DROP, false, false, "an IPv6 rule", "x"},
		{0, HOOK_OUTPUT, FILTER_DROP, false, true, "a policy", "x"},
		{4, HOOK_OUTPUT, FILTER_DROP, false, false, "the rule", "allow it"},
		{4, HOOK_OUTPUT, FILTER_RESET, false, false, "a reset rule", "x"},
	};
	struct trace t;
	struct result r;
	play(&t, &rows[0]);
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++)
		assert_true(trace_add_filter_rule(&t, &rules[i]));
	assert_int_equal(infer_judge(&t, &r), 0);
	assert_string_equal(r.facts[0].rule, "the rule");
	assert_string_equal(r.facts[0].command, "allow it");
	assert_non_null(strstr(r.verdict.next[0], "allow it"));
	result_free(&r);
	trace_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_quote),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
