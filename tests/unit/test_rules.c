/* SPDX-License-Identifier: BSD-2-Clause */
/* One row a rule: what the evidence must look like, and what is made of it. */
#include "infer/claim.h"
#include "trace_script.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* A server four hops away whose control is open and traced. */
#define CONTROL "6xc*s 3xc1e 3xc2e 3xc3e 3xc4s "

/* A flow that fails three times. */
#define AGAIN(flow)	  "3xt*.@" flow " "
#define RESET_AGAIN(flow) "3xt*r63@" flow " "

struct row {
	const char *words;
	const char *rule;
	enum state state;
	enum mechanism mechanism;
	int from_hop, to_hop; /* -1: no place */
	bool way_back;
};

static const struct row rows[] = {
	{"3xc*. 3xk*. 3xt*.", "no-answer", STATE_UNKNOWN, MECHANISM_NO_NETWORK, -1, -1, false},
	{CONTROL "3xt*s 1xt1e 1xt4s", "open", STATE_OPEN, MECHANISM_NONE, -1, -1, false},
	/* Silence: the last hop that saw it, the first that did not. */
	{CONTROL "6xt*. 3xt1. 3xt2. 3xt3. 3xt4.", "silence", STATE_BLOCKED, MECHANISM_SILENT_DROP,
	 0, 1, false},
	{CONTROL "6xt*. 3xt1e 3xt2. 3xt3. 3xt4.", "silence", STATE_BLOCKED, MECHANISM_SILENT_DROP,
	 1, 2, false},
	{CONTROL "6xt*. 3xt1e 3xt2e 3xt3. 3xt4.", "silence", STATE_BLOCKED, MECHANISM_SILENT_DROP,
	 2, 3, false},
	{CONTROL "6xt*. 3xt1e 3xt2e 3xt3e 3xt4.", "silence", STATE_BLOCKED, MECHANISM_SILENT_DROP,
	 3, 4, true},
	/* Too few pairs at hop 3: the place stays open up to the server. */
	{"6xc*s 3xc1e 3xc2e 1xc3e 3xc4s 6xt*. 3xt1e 3xt2e 1xt3. 3xt4.", "silence", STATE_BLOCKED,
	 MECHANISM_SILENT_DROP, 2, 4, true},
	/* Two lost SYNs beside a lossy control are no block. */
	{"3xc*s 3xc*. 2xt*.", "too-little", STATE_UNKNOWN, MECHANISM_UNKNOWN, -1, -1, false},
	/* A reset behind hop 1's TTL check, with hop 1's way back: the router itself. */
	{CONTROL "3xt*r64 1xt1e 2xt2r64 2xt3r64", "reset-nearer", STATE_BLOCKED,
	 MECHANISM_TCP_RESET, 1, 1, false},
	/* Before hop 2's TTL check, with hop 2's way back: hop 2 or the line before it. */
	{CONTROL "3xt*r63 1xt1e 2xt2r63 2xt3r63", "reset-nearer", STATE_BLOCKED,
	 MECHANISM_TCP_RESET, 1, 2, false},
	/* The way back fits neither: both stay. */
	{CONTROL "3xt*r50 1xt1e 2xt2r50 2xt3r50", "reset-nearer", STATE_BLOCKED,
	 MECHANISM_TCP_RESET, 1, 2, false},
	/* One reset alone is an accident. */
	{CONTROL "1xt2r63 1xt1e", "too-little", STATE_UNKNOWN, MECHANISM_UNKNOWN, -1, -1, false},
	{CONTROL "3xt*r61 1xt1e 1xt2e 1xt3e 3xt4r61", "reset-by-server", STATE_CLOSED,
	 MECHANISM_CLOSED, 4, 4, false},
	/* From the server's distance, but by another way back: the router before it could do that
	   too. */
	{CONTROL "3xt*r62 1xt1e 1xt2e 1xt3e 3xt4r62", "reset-by-server", STATE_BLOCKED,
	 MECHANISM_TCP_RESET, 3, 4, false},
	/* Resets from hop 2 beside answers: it works now and then, and what passes tells nothing of
	 * what fails. */
	{CONTROL "1xt*r63 3xt*s 1xt1e 2xt2r63 2xt3r63", "reset-sometimes", STATE_DEGRADED,
	 MECHANISM_TCP_RESET, 0, 2, false},
	/* The SYN goes on beside the reset: the box is before or behind hop 2's TTL check. */
	{CONTROL "3xt*r50 2xt1e 2xt2r50 1xt2e 2xt3r50", "reset-nearer", STATE_BLOCKED,
	 MECHANISM_TCP_RESET, 1, 2, false},
	/* SYNs that expire beyond a box beside the way say nothing of it; missing resets do. */
	{CONTROL "3xt*r50 1xt1e 1xt2e 2xt3r50 2xt3e", "reset-nearer", STATE_BLOCKED,
	 MECHANISM_TCP_RESET, 0, 3, false},
	{CONTROL "8xt*r50 1xt1e 4xt2e 2xt3r50 1xt3e", "reset-nearer", STATE_BLOCKED,
	 MECHANISM_TCP_RESET, 2, 3, false},
	/* Where the control's expiry at hop 2 is missing its way back is unknown, and may be 1. */
	{"6xc*s 3xc1e 3xc2. 3xc3e 3xc4s 3xt*r64 1xt1e 2xt2r63 2xt3r63", "reset-nearer",
	 STATE_BLOCKED, MECHANISM_TCP_RESET, 1, 2, false},
	/* Resets with a copied TTL, outrun now and then. */
	{CONTROL "2xt*r60 2xt*s 1xt1e 1xt2e 1xt3e 1xt5r1 1xt6r2", "reset-sometimes", STATE_DEGRADED,
	 MECHANISM_TCP_RESET, 2, 4, false},
	/* A balancer's resets start at 255: still its own. */
	{CONTROL "3xt*r252 1xt1e 1xt2e 1xt3e 3xt4r252", "reset-by-server", STATE_CLOSED,
	 MECHANISM_CLOSED, 4, 4, false},
	{CONTROL "3xt*w61 1xt1e 1xt2e 1xt3e 3xt4w61", "reset-rewritten", STATE_BLOCKED,
	 MECHANISM_TCP_RESET, 0, 4, true},
	/* The same where the control was lost at the server's own distance. */
	{"6xc*s 3xc1e 3xc2e 3xc3e 8xc4. 3xc5s 3xt*w61 1xt1e 1xt2e 1xt3e 3xt4w61 1xt5w61",
	 "reset-rewritten", STATE_BLOCKED, MECHANISM_TCP_RESET, 0, 5, true},
	/* Arrival follows the trigger: 64 - 60 = 2 (h - 1), so h = 3, give or take one. */
	{CONTROL "3xt*r60 1xt1e 1xt2e 1xt3e 1xt5r1 1xt6r2", "reset-copied-ttl", STATE_BLOCKED,
	 MECHANISM_TCP_RESET, 2, 4, false},
	/* Controls that are reset as well say nothing of the port. */
	{"3xc*r64 3xk*r64 3xt*r64", "all-reset", STATE_UNKNOWN, MECHANISM_NO_NETWORK, -1, -1,
	 false},
	/* Rejected behind hop 2's TTL check, signed by hop 2. */
	{CONTROL "3xt*i2/62 1xt1e 1xt2e 1xt3i2/1", "rejected", STATE_BLOCKED, MECHANISM_ICMP_REJECT,
	 2, 2, false},
	/* Signed by the server, but the quote says hop 2: forged. */
	{CONTROL "3xt*i9/62 1xt1e 1xt2e", "rejected", STATE_BLOCKED, MECHANISM_ICMP_REJECT, 2, 3,
	 false},
	/* Signed by the server, and the quote agrees. */
	{CONTROL "3xt*i9/61 1xt1e 1xt2e 1xt3e", "rejected", STATE_BLOCKED, MECHANISM_ICMP_REJECT, 4,
	 4, false},
	/* Answered at hop 1 by somebody else. */
	{CONTROL "3xt*s64 2xt1s64", "answered-nearer", STATE_INTERCEPTED, MECHANISM_REDIRECT, 0, 1,
	 false},
	/* Expiries in the server's name from hop 2 on: redirected there. */
	{CONTROL "3xt*s 1xt1e 1xt2e9 1xt3e9", "destination-nat", STATE_INTERCEPTED,
	 MECHANISM_REDIRECT, 1, 2, false},
	/* The first of them is lost: the place reaches up to the next. */
	{CONTROL "3xt*s 1xt1e 1xt2. 1xt3e9", "destination-nat", STATE_INTERCEPTED,
	 MECHANISM_REDIRECT, 1, 3, false},
	/* Of an address that was changed on the way the control's own expiry may be missing. */
	{"6xc*s 3xc1e 3xc2. 3xc3e 3xc4s 3xt*s 1xt1e 1xt2e9 1xt3e9", "destination-nat",
	 STATE_INTERCEPTED, MECHANISM_REDIRECT, 1, 2, false},
	/* Four flows never pass, four do: the former end behind hop 2, whatever way they take. */
	{"6xc*s 3xc1e 3xc2e 5xc3e 3xc4s 4xt*s " AGAIN("1") AGAIN("2") AGAIN("3")
		 AGAIN("4") "t2e@1 2xt3.@1 t2e@2 2xt3.@2",
	 "path-dependent", STATE_DEGRADED, MECHANISM_SILENT_DROP, 2, 3, false},
	/* One of the control's ways shows no router at hop 3: the place reaches beyond it. */
	{"6xc*s 3xc1e 3xc2e 3xc3e 2xc3. 3xc4s 4xt*s " AGAIN("1") AGAIN("2") AGAIN("3")
		 AGAIN("4") "t2e@1 2xt3.@1 t2e@2 2xt3.@2",
	 "path-dependent", STATE_DEGRADED, MECHANISM_SILENT_DROP, 2, 4, true},
	/* The same flows, refused at hop 2. */
	{"6xc*s 3xc1e 3xc2e 5xc3e 3xc4s 4xt*s " RESET_AGAIN("1") RESET_AGAIN("2") RESET_AGAIN("3")
		 RESET_AGAIN("4") "t2e@1 2xt3r63@1 t2e@2 2xt3r63@2",
	 "path-dependent", STATE_DEGRADED, MECHANISM_TCP_RESET, 2, 3, false},
	/* Accepted and refused in turn, by the server itself. */
	{CONTROL "2xt*r61 1xt128r61 3xt*s 1xt1e 2xt2e 9xt3e 2xt4r61", "refused-sometimes",
	 STATE_DEGRADED, MECHANISM_CLOSED, 4, 4, false},
	/* The same, but nothing shows that no box copies the TTL into its resets. */
	{CONTROL "3xt*r61 3xt*s 1xt1e 2xt2e 9xt3e", "refused-sometimes", STATE_DEGRADED,
	 MECHANISM_TCP_RESET, 0, 4, false},
	/* The same, but too few SYNs show that nobody nearer does it. */
	{CONTROL "2xt*r61 1xt128r61 3xt*s 4xt2e 4xt3e 2xt4r61", "refused-sometimes", STATE_DEGRADED,
	 MECHANISM_TCP_RESET, 2, 4, false},
	/* Half of twelve lost, the control loses none. */
	{"12xc*s 3xc1e 3xc2e 3xc3e 3xc4s 4xt*s 8xt*.", "limited", STATE_DEGRADED,
	 MECHANISM_RATE_LIMIT, 0, 4, true},
};

static void row_check(const struct row *row)
{
	struct trace t;
	struct scene scene;
	struct claim claim;
	int from = -1, to = -1;
	trace_init(&t);
	script_route(&t);
	script_run(&t, script_server(&t, 113), row->words);
	assert_int_equal(scene_build(&scene, &t), 0);
	claim_make(&scene, 0, &claim);
	if (claim.placed)
		span_hops(&claim.span, &from, &to);
	if (strcmp(claim.rule, row->rule) != 0 || from != row->from_hop || to != row->to_hop)
		print_message("%s: %s at %d-%d\n", row->words, claim.rule, from, to);
	assert_string_equal(claim.rule, row->rule);
	assert_int_equal(claim.state, row->state);
	assert_int_equal(claim.mechanism, row->mechanism);
	assert_int_equal(from, row->from_hop);
	assert_int_equal(to, row->to_hop);
	assert_int_equal(claim.span.way_back, row->way_back);
	scene_free(&scene);
	trace_free(&t);
}

static void each_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		row_check(&rows[i]);
}

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_row),
		cmocka_unit_test(doubled_syn),
		cmocka_unit_test(lossy_capture),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
