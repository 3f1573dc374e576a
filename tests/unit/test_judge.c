/* SPDX-License-Identifier: BSD-2-Clause */
/* From several servers to one verdict: votes, suspects, gates. */
#include "infer/infer.h"
#include "trace_script.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define CONTROL	  "6xc*s 3xc1e 3xc2e 3xc3e 3xc4s "
#define OPEN	  CONTROL "3xt*s 1xt1e 1xt2e 1xt3e 1xt4s"
#define CLOSED	  CONTROL "3xt*r61 1xt1e 1xt2e 1xt3e 3xt4r61"
#define SILENT_1  CONTROL "6xt*. 3xt1e 3xt2. 3xt3. 3xt4." /* between hop 1 and hop 2 */
#define SILENT_2  CONTROL "6xt*. 3xt1e 3xt2e 3xt3. 3xt4."
#define SILENT_3  CONTROL "6xt*. 3xt1e 3xt2e 3xt3e 3xt4."   /* behind a complete path */
#define ASTRAY	  CONTROL "6xt*. 3xt1e 3xt2e22 3xt3. 3xt4." /* by a router of its own */
#define BRANCH(c) "6xc*s 3xc1e 3x" c " 3xc3e 3xc4s 3xt*i7/0 1xt1e 1xt3i7/0"
#define UNMET	  "6xc*s 3xc1e 3xc2. 3xc3e 3xc4s 6xt*. 3xt1e 3xt2e22 3xt3. 3xt4."
#define UNSEEN	  CONTROL "6xt*. 3xt1e 3xt2. 3xt3. 3xt4."
#define DARK	  "6xc*s 3xc1. 3xc2. 3xc3. 3xc4s 6xt*. 3xt1. 3xt2. 3xt3. 3xt4."
/* Rejected in the server's own name and at its own distance. */
#define REJECTED	  CONTROL "3xt*i9/61 1xt1e 1xt2e 1xt3e"
#define REDIRECTED(hop_2) CONTROL "3xt*r61 1xt1e " hop_2 " 1xt3e9 3xt4r61"
#define DEAD		  "3xc*. 3xk*. 3xt*."

#define LOCAL	(1u << BLOCKER_LOCAL_NETWORK)
#define ISP	(1u << BLOCKER_ISP)
#define TRANSIT (1u << BLOCKER_TRANSIT)
#define REMOTE	(1u << BLOCKER_REMOTE)

struct row {
	const char *servers[4];
	bool hosts;	      /* the first is a HOST, the others are references */
	const char *networks; /* whose the user says that hops 1 to 3 are, NULL: nothing */
	enum state state;
	enum blocker blocker;
	unsigned suspects;
	int exit_status;
};

static const struct row rows[] = {
	{{OPEN, OPEN, OPEN}, false, NULL, STATE_OPEN, BLOCKER_NONE, 0, 0},
	/* Redirected from the server's own edge on, which may be its farm's way; or nearer, where
	   the expiry is lost. */
	{{REDIRECTED("1xt2e"), OPEN}, true, "lir", STATE_CLOSED, BLOCKER_REMOTE, REMOTE, 14},
	{{REDIRECTED("1xt2."), OPEN}, true, "lir", STATE_UNKNOWN, BLOCKER_UNKNOWN, 0, 20},
	/* The line between router and provider: both. */
	{{SILENT_1, SILENT_1, SILENT_1},
	 false,
	 NULL,
	 STATE_BLOCKED,
	 BLOCKER_UNKNOWN,
	 LOCAL | ISP,
	 17},
	{{SILENT_1, SILENT_1, SILENT_1},
	 false,
	 "lii",
	 STATE_BLOCKED,
	 BLOCKER_UNKNOWN,
	 LOCAL | ISP,
	 17},
	/* Both routers are the provider's by the user's word; without it the further one may be
	   transit. */
	{{SILENT_2, SILENT_2, SILENT_2}, false, "lii", STATE_BLOCKED, BLOCKER_ISP, ISP, 12},
	{{SILENT_2, SILENT_2, SILENT_2},
	 false,
	 NULL,
	 STATE_BLOCKED,
	 BLOCKER_UNKNOWN,
	 ISP | TRANSIT,
	 17},
	/* A balancer's branches are no place where the ways part: behind them they are one again.
	 */
	{{BRANCH("c2e"), BRANCH("c2e22"), BRANCH("c2e")},
	 false,
	 "lit",
	 STATE_BLOCKED,
	 BLOCKER_UNKNOWN,
	 LOCAL | ISP | TRANSIT,
	 17},
	/* A server at the gateway, as it seems: who answers the control there may be somebody else.
	 */
	{{"6xc*s63 3xc1e 3xc2s63 6xt*. 3xt1e 3xt2."},
	 false,
	 "l",
	 STATE_BLOCKED,
	 BLOCKER_UNKNOWN,
	 LOCAL | ISP | TRANSIT | REMOTE,
	 17},
	/* One HOST silent behind a complete path, the references open: its own side. */
	{{SILENT_3, OPEN, OPEN},
	 true,
	 "lir",
	 STATE_BLOCKED,
	 BLOCKER_REMOTE,
	 LOCAL | ISP | TRANSIT | REMOTE,
	 14},
	/* The same where the last router before the server is somebody else's: its output as well.
	 */
	{{SILENT_3, OPEN, OPEN},
	 true,
	 "lii",
	 STATE_BLOCKED,
	 BLOCKER_UNKNOWN,
	 LOCAL | ISP | TRANSIT | REMOTE,
	 17},
	/* The server's answers travel three hops more than those of the last router that shows, so
	   that others may lie between. */
	{{"6xc*s60 3xc1e 3xc2e 3xc3s60 6xt*. 3xt1e 3xt2e 3xt3.", OPEN, OPEN},
	 true,
	 "lii",
	 STATE_BLOCKED,
	 BLOCKER_UNKNOWN,
	 LOCAL | ISP | TRANSIT | REMOTE,
	 17},
	/* Everybody silent behind complete paths: the way back, or a common filter. */
	{{SILENT_3, SILENT_3, SILENT_3},
	 false,
	 "lii",
	 STATE_BLOCKED,
	 BLOCKER_UNKNOWN,
	 LOCAL | ISP | TRANSIT | REMOTE,
	 17},
	/* The port leaves the provider's way at hop 2 already: what comes next is unknown. */
	{{ASTRAY, ASTRAY, ASTRAY}, false, "lii", STATE_BLOCKED, BLOCKER_UNKNOWN, ISP | TRANSIT, 17},
	/* To one server the control's router, or the port's, was not seen where the ways part. */
	{{UNMET, ASTRAY, ASTRAY}, false, "lii", STATE_BLOCKED, BLOCKER_UNKNOWN, ISP | TRANSIT, 17},
	{{UNSEEN, ASTRAY, ASTRAY}, false, "lii", STATE_BLOCKED, BLOCKER_UNKNOWN, ISP | TRANSIT, 17},
	{{ASTRAY, OPEN, OPEN},
	 true,
	 "lii",
	 STATE_BLOCKED,
	 BLOCKER_UNKNOWN,
	 ISP | TRANSIT | REMOTE,
	 17},
	/* No router shows itself: somewhere, and nobody in particular. */
	{{DARK, DARK, DARK},
	 false,
	 "lii",
	 STATE_BLOCKED,
	 BLOCKER_UNKNOWN,
	 LOCAL | ISP | TRANSIT | REMOTE,
	 17},
	/* The majority is open. */
	{{OPEN, OPEN, SILENT_2}, false, "lii", STATE_OPEN, BLOCKER_NONE, 0, 0},
	{{CLOSED, OPEN, OPEN}, true, "lii", STATE_CLOSED, BLOCKER_REMOTE, REMOTE, 14},
	/* Nobody believes that all listed servers closed a documented port. */
	{{CLOSED, CLOSED, CLOSED}, false, "lii", STATE_UNKNOWN, BLOCKER_UNKNOWN, 0, 20},
	/* Nor that all their own sides reject it; one's own side may. */
	{{REJECTED, REJECTED, REJECTED},
	 false,
	 "lii",
	 STATE_BLOCKED,
	 BLOCKER_UNKNOWN,
	 LOCAL | ISP | TRANSIT | REMOTE,
	 17},
	{{REJECTED, OPEN, OPEN}, true, "lii", STATE_BLOCKED, BLOCKER_REMOTE, REMOTE, 14},
	/* A dead server has no vote. */
	{{DEAD, SILENT_2, SILENT_2}, false, "lii", STATE_BLOCKED, BLOCKER_ISP, ISP, 12},
	{{DEAD, DEAD, DEAD}, false, "lii", STATE_UNKNOWN, BLOCKER_UNKNOWN, 0, 20},
};

static void add_network(struct trace *t, struct addr addr, enum segment role)
{
	struct network n = {
		.prefix = {.addr = addr, .len = 32},
		.has_role = true,
		.role = role,
		.by_user = true,
	};
	assert_true(trace_add_network(t, &n));
}

static enum segment segment_of(char letter)
{
	return letter == 'l'   ? SEGMENT_LOCAL
	       : letter == 'i' ? SEGMENT_ISP
	       : letter == 't' ? SEGMENT_TRANSIT
			       : SEGMENT_REMOTE;
}

static void row_check(const struct row *row)
{
	struct trace t;
	struct result r;
	unsigned suspects = 0;
	trace_init(&t);
	script_route(&t);
	t.run.hosts_given = row->hosts;
	for (int hop = 1; row->networks && row->networks[hop - 1]; hop++)
		add_network(&t, script_router(hop), segment_of(row->networks[hop - 1]));
	for (int i = 0; i < 4 && row->servers[i]; i++) {
		uint32_t s = script_server(&t, (uint8_t)(113 + i));
		t.servers[s].reference = row->hosts && i > 0;
	}
	for (int i = 0; i < 4 && row->servers[i]; i++)
		script_run(&t, (uint32_t)i, row->servers[i]);
	assert_int_equal(infer_judge(&t, &r), 0);
	const struct judgement *j = &r.verdict.judgement;
	for (size_t i = 0; i < j->suspects_n; i++)
		suspects |= 1u << j->suspects[i].blocker;
	if (j->state != row->state || j->blocker != row->blocker || suspects != row->suspects)
		print_message("row %d: %s\n", (int)(row - rows), r.verdict.sentence);
	assert_int_equal(j->state, row->state);
	assert_int_equal(j->blocker, row->blocker);
	assert_int_equal(suspects, row->suspects);
	assert_int_equal(result_exit_status(j), row->exit_status);
	/* Where the verdict accuses no server, no server's own finding does. */
	for (size_t i = 0; i < r.findings_n && !row->hosts; i++)
		assert_true(j->state == STATE_OPEN ||
			    r.findings[i].judgement.blocker != BLOCKER_REMOTE);
	assert_true(j->state == STATE_UNKNOWN || (j->has_confidence && j->confidence <= 1.0));
	/* Where silence is laid to the server's side, no frame does that, and it is said. */
	bool laid = j->blocker == BLOCKER_REMOTE && j->mechanism == MECHANISM_SILENT_DROP;
	unsigned told = 0;
	for (size_t i = 0; i < r.verdict.reasons_n; i++)
		told += strstr(r.verdict.reasons[i].text, "how it mostly is") != NULL;
	assert_int_equal(told, laid);
	result_free(&r);
	trace_free(&t);
}

static void each_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		row_check(&rows[i]);
}

static void judge(const char *words, int servers, struct trace *t, struct result *r)
{
	trace_init(t);
	script_route(t);
	add_network(t, script_router(1), SEGMENT_LOCAL);
	add_network(t, script_router(2), SEGMENT_LOCAL);
	add_network(t, script_router(3), SEGMENT_ISP);
	for (int i = 0; i < servers; i++)
		script_server(t, (uint8_t)(113 + i));
	for (int i = 0; i < servers; i++)
		script_run(t, (uint32_t)i, words);
	assert_int_equal(infer_judge(t, r), 0);
}

/* Only another mail port answers beside the silent one: near the host nobody is named for that. */
static void submission_control_alone(void **state)
{
	struct trace t;
	struct result r;
	(void)state;
	judge("6xk*s 3xk1e 3xk2e 3xk3e 3xk4s 6xt*. 3xt1e 3xt2. 3xt3. 3xt4.", 3, &t, &r);
	/* The words' further control is port 465: it must have been the one that counts. */
	assert_int_equal(r.findings[0].control, 465);
	assert_int_equal(r.verdict.judgement.state, STATE_BLOCKED);
	assert_int_equal(r.verdict.judgement.blocker, BLOCKER_UNKNOWN);
	result_free(&r);
	trace_free(&t);
}

static void every_reason_names_frames(void **state)
{
	struct trace t;
	struct result r;
	(void)state;
	judge("6xc*s 3xc1e 3xc2e 3xc3e 3xc4s 6xt*. 3xt1e 3xt2. 3xt3. 3xt4.", 3, &t, &r);
	assert_int_equal(r.verdict.judgement.blocker, BLOCKER_LOCAL_NETWORK);
	assert_true(r.verdict.reasons_n >= 2);
	for (size_t i = 0; i < r.verdict.reasons_n; i++) {
		assert_true(r.verdict.reasons[i].packets_n > 0);
		for (size_t k = 0; k < r.verdict.reasons[i].packets_n; k++)
			assert_true(r.verdict.reasons[i].packets[k].frame > 0);
	}
	result_free(&r);
	trace_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_row),
		cmocka_unit_test(submission_control_alone),
		cmocka_unit_test(every_reason_names_frames),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
