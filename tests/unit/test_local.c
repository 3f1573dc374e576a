/* SPDX-License-Identifier: BSD-2-Clause */
/* This host as the culprit: each signature by its row, and what must not be taken for one. */
#include "infer/infer.h"
#include "local_build.h"

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

static void add_routes(struct trace *t, int error, uint32_t ifindex)
{
	struct flow_route r = {.port = CONTROL, .ifindex = 2, .interface = "eth0"};
	assert_true(trace_add_flow_route(t, &r));
	r = (struct flow_route){.port = PORT, .error = error, .ifindex = ifindex};
	r.interface = "tun0";
	assert_true(trace_add_flow_route(t, &r));
}

static void add_filter(struct trace *t, enum filter_hook hook, enum filter_action action,
		       const char *program)
{
	struct filter_rule rule = {4,	     hook,    action,  false,  false,
				   "a rule", "allow", "or do", program};
	assert_true(trace_add_filter_rule(t, &rule));
}

/* 'p' a prohibiting rule, 't' one that leads elsewhere, 'f' a full table, 'l' lost packets, 'c' bad
 * checksums, 'q' and 'i' a program that decides over what goes out and comes in, 'd' a rule that
 * drops. */
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
	if (what == 'q')
		add_filter(t, HOOK_OUTPUT, FILTER_QUEUE,
			   "queue 0, on which fw (process 7) decides");
	if (what == 'i')
		add_filter(t, HOOK_INPUT, FILTER_QUEUE, "queue 0, on which fw (process 7) decides");
	if (what == 'd')
		add_filter(t, HOOK_OUTPUT, FILTER_DROP, NULL);
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
		play_connect(t, row->root[0], PORT, ROOT_PORT + 12, &t->users[0]);
		play_connect(t, row->root[1], CONTROL, ROOT_PORT + 1, &t->users[0]);
	}
	if (*row->user) {
		play_connect(t, row->user[0], PORT, USER_PORT, &t->users[1]);
		play_connect(t, row->user[0], PORT, USER_PORT + 12, &t->users[1]);
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
	{"input, whatever the port", "ooo", "ooo", "aa", "", "", "input-drop", BLOCKED_HERE},
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
	{"used up", "oxx", "ooo", "", "", "", "output-limit", STATE_DEGRADED, BLOCKER_LOCAL_HOST},
	{"redirected with every other port", "eee", "eee", "eo", "", "", "local-redirect",
	 STATE_INTERCEPTED, BLOCKER_LOCAL_HOST},
	{"the controls alone", "sss", "xxx", "", "", "", "controls-denied", UNDECIDED},
	{"a program lets no program out", "ooo", "ooo", "ho", "", "q", "queue-drop", BLOCKED_HERE},
	{"whatever the port", "ooo", "ooo", "hh", "", "q", "queue-drop", BLOCKED_HERE},
	{"a program lets nothing out", "uuu", "ooo", "ho", "", "q", "queue-drop", BLOCKED_HERE},
	{"a program lets root out", "ooo", "ooo", "oo", "ho", "q", "queue-drop", BLOCKED_HERE},
	{"a program lets nothing in", "ooo", "ooo", "ao", "", "i", "queue-drop", BLOCKED_HERE},
	{"refused beside a program", "xxx", "ooo", "ho", "", "q", "output-drop", BLOCKED_HERE},
	{"reset beside a program", "rrr", "ooo", "ro", "", "q", "output-reject-reset",
	 BLOCKED_HERE},
	{"dropped beside a program", "ooo", "ooo", "ho", "", "qd", "output-drop", BLOCKED_HERE},
	/* and what is no finding about this host */
	{"a program lets all pass", "ooo", "ooo", "oo", "oo", "qi", "", OPEN},
	{"silent behind a program", "sss", "ooo", "so", "", "q", "", STATE_BLOCKED,
	 BLOCKER_UNKNOWN},
	{"a program lets nothing out at all", "uuu", "uuu", "hh", "", "q", "", UNDECIDED},
	{"used up, whatever the port", "oxx", "oxx", "oo", "", "", "", OPEN},
	{"used up, and passing again", "oxxl", "ooo", "oo", "", "", "", OPEN},
	{"open", "ooo", "ooo", "oo", "oo", "", "", OPEN},
	{"silent further out", "sss", "ooo", "so", "", "", "", STATE_BLOCKED, BLOCKER_UNKNOWN},
	{"everything dropped", "xxx", "xxx", "hh", "", "", "", UNDECIDED},
	{"everything vanishes", "uuu", "uuu", "hh", "", "", "", UNDECIDED},
	{"raw sockets alone are refused", "xxx", "ooo", "oo", "", "", "", OPEN},
	{"a limit hits both", "xxx", "oox", "ho", "", "", "", UNDECIDED},
	{"a full queue hits both", "bbb", "oob", "ho", "", "", "", UNDECIDED},
	{"a limit on the device hits both", "uuu", "oou", "ho", "", "", "", UNDECIDED},
	{"a single refusal", "x", "ooo", "", "", "", "", UNDECIDED},
	{"full queue, both ports", "bbb", "oob", "ho", "", "", "", UNDECIDED},
	{"unseen in a lossy capture", "uuu", "ooo", "oo", "", "l", "", OPEN},
	{"silent in a lossy capture", "sss", "ooo", "so", "", "l", "", UNDECIDED},
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

/* Whether the server is heard on no port, and who gets through where another does not. */
static void test_told_by_finding(void **state)
{
	(void)state;
	static const struct {
		struct local_row row;
		bool deaf, passes;
	} told[] = {
		{{"", "ooo", "ooo", "aa", "", "", "", BLOCKED_HERE}, true, false},
		{{"", "ooo", "ooo", "ao", "", "", "", BLOCKED_HERE}, false, false},
		{{"", "ooo", "ooo", "oo", "ro", "", "", BLOCKED_HERE}, false, true},
		{{"", "ooo", "ooo", "oo", "oo", "", "", OPEN}, false, false},
	};
	for (size_t i = 0; i < sizeof(told) / sizeof(*told); i++) {
		struct trace t;
		struct result r;
		play(&t, &told[i].row);
		assert_int_equal(infer_judge(&t, &r), 0);
		assert_int_equal(r.findings[0].deaf, told[i].deaf);
		assert_int_equal(r.findings[0].passes != NULL, told[i].passes);
		result_free(&r);
		trace_free(&t);
	}
}

/* The sentence names the queue and who decides over it. */
static void test_queue_words(void **state)
{
	(void)state;
	static const struct {
		struct local_row row;
		const char *words;
	} said[] = {
		{{"", "ooo", "ooo", "ho", "", "q", "", BLOCKED_HERE},
		 "hands outgoing SYNs to queue 0, on which fw (process 7) decides, and those of "
		 "programs do not leave"},
		{{"", "uuu", "ooo", "ho", "", "q", "", BLOCKED_HERE}, "and they do not leave"},
		{{"", "ooo", "ooo", "oo", "ho", "q", "", BLOCKED_HERE},
		 "and those of alice do not leave"},
		{{"", "ooo", "ooo", "ao", "", "i", "", BLOCKED_HERE},
		 "hands the answers from it to queue 0, on which fw (process 7) decides, and they "
		 "get no further"},
	};
	for (size_t i = 0; i < sizeof(said) / sizeof(*said); i++) {
		struct trace t;
		struct result r;
		play(&t, &said[i].row);
		assert_int_equal(infer_judge(&t, &r), 0);
		if (!strstr(r.verdict.sentence, said[i].words))
			fail_msg("%zu: %s", i, r.verdict.sentence);
		assert_string_equal(r.facts[0].command, "allow");
		assert_string_equal(r.verdict.next[1], "or do");
		result_free(&r);
		trace_free(&t);
	}
}

/* A host that lets nothing out is told so, by its own rule, and what to type. */
static void test_all_refused(void **state)
{
	(void)state;
	struct local_row row = {"", "xxx", "xxx", "", "", "d", "", UNDECIDED};
	struct trace t;
	struct result r;
	play(&t, &row);
	assert_int_equal(infer_judge(&t, &r), 0);
	assert_non_null(strstr(r.verdict.sentence, "its own firewall refuses every SYN"));
	const char *last = r.verdict.reasons[r.verdict.reasons_n - 1].text;
	assert_non_null(strstr(last, "refused every SYN"));
	assert_non_null(strstr(last, "The rule: a rule"));
	assert_string_equal(r.verdict.next[0], "Allow it on this host: allow");
	result_free(&r);
	trace_free(&t);
}

/* The rule that fits the finding is quoted, with what would allow the port. */
static void test_quote(void **state)
{
	(void)state;
	static const struct filter_rule rules[] = {
		{4, HOOK_INPUT, FILTER_DROP, false, false, "an input rule", "x", NULL, NULL},
		{6, HOOK_OUTPUT, FILTER_DROP, false, false, "an IPv6 rule", "x", NULL, NULL},
		{0, HOOK_OUTPUT, FILTER_DROP, false, true, "a policy", "x", NULL, NULL},
		{4, HOOK_OUTPUT, FILTER_DROP, false, false, "the rule", "allow it", NULL, NULL},
		{4, HOOK_OUTPUT, FILTER_RESET, false, false, "a reset rule", "x", NULL, NULL},
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

static unsigned count_asked(const struct trace *t, uint16_t port)
{
	static struct question questions[64];
	struct agenda agenda;
	unsigned n = 0;
	assert_int_equal(infer_agenda(t, questions, 64, &agenda), 0);
	for (size_t i = 0; i < agenda.questions_n; i++)
		n += questions[i].kind == PROBE_KERNEL && questions[i].port == port;
	return n;
}

static void check_verdict(const struct trace *t, enum state state, enum blocker blocker)
{
	struct result r;
	assert_int_equal(infer_judge(t, &r), 0);
	assert_int_equal(r.verdict.judgement.state, state);
	assert_int_equal(r.verdict.judgement.blocker, blocker);
	result_free(&r);
}

/* Connections whose SYNs vanish are tried again; until one succeeds nothing is said to be open. */
static void test_lost_connects(void **state)
{
	(void)state;
	static const struct local_row row = {.raw = "ooo", .raw_control = "ooo", .root = "so"};
	struct local_row lost = row;
	struct trace t;
	lost.user = lost.extra = "";
	play(&t, &lost);
	t.users_n = 1;
	check_verdict(&t, STATE_UNKNOWN, BLOCKER_UNKNOWN);
	for (uint16_t tries = 2; tries < 4; tries++) {
		assert_int_equal(count_asked(&t, PORT), 1);
		play_connect(&t, 's', PORT, (uint16_t)(ROOT_PORT + 1 + tries), &t.users[0]);
	}
	assert_int_equal(count_asked(&t, PORT), 0);
	check_verdict(&t, STATE_UNKNOWN, BLOCKER_UNKNOWN);
	play_connect(&t, 'o', PORT, ROOT_PORT + 8, &t.users[0]);
	check_verdict(&t, STATE_OPEN, BLOCKER_NONE);
	trace_free(&t);
}

/* One control that passes is enough, whichever it is; and no more connections are needed. */
static void test_lost_control(void **state)
{
	(void)state;
	static const struct local_row row = {.raw = "ooo", .raw_control = "ooo", .root = "cs"};
	struct local_row lost = row;
	struct trace t;
	lost.user = lost.extra = "";
	play(&t, &lost);
	t.users_n = 1;
	assert_int_equal(count_asked(&t, CONTROL), 1);
	play_connect(&t, 'o', 443, ROOT_PORT + 8, &t.users[0]);
	assert_int_equal(count_asked(&t, CONTROL), 0);
	check_verdict(&t, STATE_BLOCKED, BLOCKER_LOCAL_HOST);
	trace_free(&t);
}

/* What one server proves holds for another whose connection tells nothing, not for one that
 * differs. */
static void test_other_server(void **state)
{
	(void)state;
	for (int error = 0; error <= EHOSTUNREACH; error += EHOSTUNREACH) {
		struct trace t;
		struct result r;
		play(&t, &(struct local_row){"", "ooo", "ooo", "po", "", "", "", UNDECIDED});
		struct server other = t.servers[0];
		other.addr = address("198.18.20.25");
		assert_true(trace_add_server(&t, &other));
		struct connect_result c = {
			.server = 1,
			.port = PORT,
			.src_port = ROOT_PORT + 9,
			.user = "root",
			.error = error ? error : EINPROGRESS,
			.at_ns = START,
			.took_ns = 3000 * MS,
		};
		assert_true(trace_add_connect(&t, &c));
		assert_int_equal(infer_judge(&t, &r), 0);
		assert_int_equal(r.findings[0].judgement.blocker, BLOCKER_LOCAL_HOST);
		assert_int_equal(r.findings[1].judgement.blocker,
				 error ? BLOCKER_UNKNOWN : BLOCKER_LOCAL_HOST);
		result_free(&r);
		trace_free(&t);
	}
}

/* One connection that vanishes beside SYNs that pass names no rule, and is no open port either. */
static void test_connect_fails(void **state)
{
	struct trace t;
	struct result r;
	(void)state;
	fill(&t);
	for (uint16_t i = 0; i < 3; i++) {
		play_raw(&t, 'o', PORT, (uint16_t)(RAW_PORT + i));
		play_raw(&t, 'o', CONTROL, (uint16_t)(RAW_PORT + 3 + i));
	}
	play_connect(&t, 'h', PORT, ROOT_PORT, &t.users[0]);
	play_connect(&t, 'o', CONTROL, ROOT_PORT + 1, &t.users[0]);
	trace_clock(&t, START + 4000 * MS);
	t.run.ended_ns = START + 4000 * MS;
	assert_int_equal(infer_judge(&t, &r), 0);
	assert_int_equal(r.verdict.judgement.state, STATE_UNKNOWN);
	assert_string_equal(r.verdict.reasons[0].rule, "connect-fails");
	assert_non_null(strstr(r.verdict.reasons[0].text, "no connection of this host's own"));
	result_free(&r);
	trace_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_lost_connects),
		cmocka_unit_test(test_lost_control),
		cmocka_unit_test(test_other_server),
		cmocka_unit_test(test_told_by_finding),
		cmocka_unit_test(test_quote),
		cmocka_unit_test(test_queue_words),
		cmocka_unit_test(test_all_refused),
		cmocka_unit_test(test_connect_fails),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
