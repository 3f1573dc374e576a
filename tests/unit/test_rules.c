/* SPDX-License-Identifier: BSD-2-Clause */
/* One row a rule: what the evidence must look like, and what is made of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "claim_rows.h"

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
	/* One refusal of this host's own tells no rule. */
	{CONTROL "1xt*-", "refused-here", STATE_UNKNOWN, MECHANISM_UNKNOWN, -1, -1, false},
	/* Accepted with no window, where the control's is open; one such SYN-ACK may be anything.
	 */
	{CONTROL "3xt*z 1xt1e 1xt4z", "tarpit", STATE_UNKNOWN, MECHANISM_UNKNOWN, -1, -1, false},
	{CONTROL "2xt*z 1xt*s", "open", STATE_OPEN, MECHANISM_NONE, -1, -1, false},
	{CONTROL "1xt*z", "open", STATE_OPEN, MECHANISM_NONE, -1, -1, false},
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
	/* At a router that the control never meets: its further hops say nothing of this way. */
	{CONTROL "6xt*. 3xt1e 3xt2e22 3xt3. 3xt4.", "silence", STATE_BLOCKED, MECHANISM_SILENT_DROP,
	 2, 4, false},
	/* Whether the control meets that router is not known, nor then where the ways part. */
	{"6xc*s 3xc1e 1xc2. 3xc3e 3xc4s 6xt*. 3xt1e 3xt2e 3xt3. 3xt4.", "silence", STATE_BLOCKED,
	 MECHANISM_SILENT_DROP, 2, 4, true},
	/* One SYN of either port meets the other's router: balanced ways. */
	{CONTROL "6xt*. 3xt1e 2xt2e22 1xt2e 3xt3. 3xt4.", "silence", STATE_BLOCKED,
	 MECHANISM_SILENT_DROP, 2, 3, false},
	/* The ways join again. */
	{CONTROL "6xt*. 3xt1e 3xt2e22 3xt3e 3xt4.", "silence", STATE_BLOCKED, MECHANISM_SILENT_DROP,
	 3, 4, true},
	/* The port's way goes on where the control's ends. */
	{CONTROL "6xt*. 3xt1e 3xt2e 3xt3e 1xt4e 2xt5.", "silence", STATE_BLOCKED,
	 MECHANISM_SILENT_DROP, 4, 5, true},
	/* Hop 3 sends SYNs to the port back to hop 2, round and round. */
	{CONTROL "6xt*e3 3xt1e 3xt2e 3xt3e 2xt4e2 2xt5e3", "silence", STATE_BLOCKED,
	 MECHANISM_SILENT_DROP, 3, 3, false},
	{CONTROL "6xt*. 3xt1e 3xt2e 3xt3e 2xt4e2 2xt5e3 1xt6e2", "silence", STATE_BLOCKED,
	 MECHANISM_SILENT_DROP, 3, 3, false},
	/* Seen twice, a router may lie on ways of two lengths. */
	{CONTROL "6xt*. 3xt1e 3xt2e 3xt3e 2xt4e2 2xt5.", "silence", STATE_BLOCKED,
	 MECHANISM_SILENT_DROP, 3, 5, false},
	/* Hop 2 lets everything expire, whatever its TTL. */
	{CONTROL "6xt*e2 3xt1e 3xt2e 3xt3e2 3xt4e2", "silence", STATE_BLOCKED,
	 MECHANISM_SILENT_DROP, 2, 3, false},
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
	/* An older SYN of the flow that cannot have reached the server takes nothing from a reset.
	 */
	{CONTROL "2xt*r63 2xt1e 1xt2e t2.@1 t3r63@1 t2.@2 t3r63@2", "reset-nearer", STATE_BLOCKED,
	 MECHANISM_TCP_RESET, 2, 2, false},
	/* A gateway that hides is next to this host: a reset that took no hop back is not from
	 * hop 2.
	 */
	{"6xc*s 3xc1. 3xc2e 3xc3e 3xc4s 3xt*r64 2xt2r64 2xt3r64", "reset-nearer", STATE_BLOCKED,
	 MECHANISM_TCP_RESET, 0, 1, false},
	/* One reset alone is an accident. */
	{CONTROL "1xt2r63 1xt1e", "too-little", STATE_UNKNOWN, MECHANISM_UNKNOWN, -1, -1, false},
	{CONTROL "3xt*r61 1xt1e 1xt2e 1xt3e 3xt4r61", "reset-by-server", STATE_CLOSED,
	 MECHANISM_CLOSED, 4, 4, false},
	/* One hop behind the control's end, whose router is nobody's in particular. */
	{CONTROL "3xt*r60 1xt1e 1xt2e 1xt3e 1xt4e 2xt5r60", "reset-by-server", STATE_BLOCKED,
	 MECHANISM_TCP_RESET, 4, 5, false},
	/* From the server's distance, but by another way back: the router before it could do that
	   too. */
	{CONTROL "3xt*r62 1xt1e 1xt2e 1xt3e 3xt4r62", "reset-by-server", STATE_BLOCKED,
	 MECHANISM_TCP_RESET, 3, 4, false},
	/* Resets from hop 2 beside answers: it works now and then, and what passes tells nothing of
	 * what fails. */
	{CONTROL "1xt*r63 3xt*s 1xt1e 2xt2r63 2xt3r63", "reset-sometimes", STATE_DEGRADED,
	 MECHANISM_TCP_RESET, 0, 2, false},
	/* One SYN of eight is spared: what two at hop 1 do not draw shows little, six show it. */
	{CONTROL "3xt*r50 2xt1e 2xt2r50 1xt2e 2xt3r50", "reset-nearer", STATE_BLOCKED,
	 MECHANISM_TCP_RESET, 0, 2, false},
	{CONTROL "3xt*r50 6xt1e 2xt2r50 1xt2e 2xt3r50", "reset-nearer", STATE_BLOCKED,
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
	/* By the slope at hop 5, but SYNs expire at hop 2 and no more at hop 3: a longer way back.
	 */
	{CONTROL "3xt*r58 1xt1e 1xt2e 2xt3. 1xt7r1 1xt8r2", "reset-copied-ttl", STATE_BLOCKED,
	 MECHANISM_TCP_RESET, 2, 4, false},
	/* The server's own resets come back from as far; these met its SYN-ACK on the way. */
	{CONTROL "3xt*r64 1xt1e 1xt2e 1xt3e 3xt4r64", "reset-by-server", STATE_BLOCKED,
	 MECHANISM_TCP_RESET, 0, 4, true},
	/* Whoever resets half of the SYNs spares what expires beyond: hop 1 is no near end. */
	{CONTROL "3xt*r50 3xt*s 1xt1e 1xt2e 2xt3r50 2xt3e", "reset-sometimes", STATE_DEGRADED,
	 MECHANISM_TCP_RESET, 0, 3, false},
	/* The same with many SYNs that draw none at hop 2, and a way back that fits hop 3 alone. */
	{CONTROL "3xt*r62 3xt*s 1xt1e 20xt2e 2xt3r62 2xt3e", "reset-sometimes", STATE_DEGRADED,
	 MECHANISM_TCP_RESET, 2, 3, false},
	/* A balancer's resets start at 255: still its own. */
	{CONTROL "3xt*r252 1xt1e 1xt2e 1xt3e 3xt4r252", "reset-by-server", STATE_CLOSED,
	 MECHANISM_CLOSED, 4, 4, false},
	{CONTROL "3xt*w61 1xt1e 1xt2e 1xt3e 3xt4w61", "reset-rewritten", STATE_BLOCKED,
	 MECHANISM_TCP_RESET, 0, 4, true},
	/* The same where the control was lost at the server's own distance. */
	{"6xc*s 3xc1e 3xc2e 3xc3e 8xc4. 3xc5s 3xt*w61 1xt1e 1xt2e 1xt3e 3xt4w61 1xt5w61",
	 "reset-rewritten", STATE_BLOCKED, MECHANISM_TCP_RESET, 0, 5, true},
	/* And where it was lost at three hops: the answers' way back tells the distance. */
	{"6xc*s 3xc1e 3xc2e 3xc3e 3xc4. 2xc5. 3xc6s 3xt*w61 1xt1e 1xt2e 1xt3e 1xt4w61",
	 "reset-rewritten", STATE_BLOCKED, MECHANISM_TCP_RESET, 0, 6, true},
	/* Arrival follows the trigger: 64 - 60 = 2 (h - 1), so h = 3, give or take one. */
	{CONTROL "3xt*r60 1xt1e 1xt2e 1xt3e 1xt5r1 1xt6r2", "reset-copied-ttl", STATE_BLOCKED,
	 MECHANISM_TCP_RESET, 2, 4, false},
	/* Controls that are reset as well say nothing of the port. */
	{"3xc*r64 3xk*r64 3xt*r64", "all-reset", STATE_UNKNOWN, MECHANISM_NO_NETWORK, -1, -1,
	 false},
	/* Rejected behind hop 2's TTL check, signed by hop 2. */
	{CONTROL "3xt*i2/62 1xt1e 1xt2e 1xt3i2/1", "rejected", STATE_BLOCKED, MECHANISM_ICMP_REJECT,
	 2, 2, false},
	/* The same with hop 2's address by somebody from further away: hop 3 may have signed so. */
	{CONTROL "3xt*i2/62a 1xt1e 1xt2e 1xt3i2/1a", "rejected", STATE_BLOCKED,
	 MECHANISM_ICMP_REJECT, 2, 3, false},
	/* The quotes are made up: the sweep and the sender's own way back agree. */
	{CONTROL "3xt*i2/64 1xt1e 1xt2e 1xt3i2/3", "rejected", STATE_BLOCKED, MECHANISM_ICMP_REJECT,
	 2, 2, false},
	{CONTROL "3xt*i2/1 1xt1e 1xt2e 1xt3i2/1", "rejected", STATE_BLOCKED, MECHANISM_ICMP_REJECT,
	 2, 2, false},
	/* Quotes that differ from the sweep, signed by nobody on the way: a contradiction. */
	{CONTROL "3xt*i7/64 1xt1e 1xt2e 1xt3i7/3", "rejected", STATE_UNKNOWN, MECHANISM_UNKNOWN, -1,
	 -1, false},
	/* Some SYNs are spared: one that expires beyond the sender shows no place. */
	{CONTROL "3xt*i2/62 1xt1e 1xt2e 2xt3e 1xt3i2/1", "rejected", STATE_BLOCKED,
	 MECHANISM_ICMP_REJECT, 2, 2, false},
	{CONTROL "1xt*i2/62 2xt*s 1xt1e 1xt2e 1xt3e", "rejected-sometimes", STATE_DEGRADED,
	 MECHANISM_ICMP_REJECT, 2, 2, false},
	/* Signed by the server, but the quote says hop 2: forged. */
	{CONTROL "3xt*i9/62 1xt1e 1xt2e", "rejected", STATE_BLOCKED, MECHANISM_ICMP_REJECT, 2, 3,
	 false},
	/* But it comes back from as far as the server: that may be nearer on another way. */
	{"6xc*s60 3xc1e 3xc2e 3xc3e 3xc4s60 3xt*i9/62 1xt1e 1xt2e", "rejected", STATE_BLOCKED,
	 MECHANISM_ICMP_REJECT, 2, 4, false},
	/* Signed by the server, and the quote agrees. */
	{CONTROL "3xt*i9/61 1xt1e 1xt2e 1xt3e", "rejected", STATE_BLOCKED, MECHANISM_ICMP_REJECT, 4,
	 4, false},
	/* What passes hop 2 is given a new TTL: resets from much nearer than the server are
	 * anybody's behind hop 1, those from as far are its own. */
	{"6xc*s57 3xc1e 3xc2s57 3xt*r62 1xt1e 2xt2r62", "reset-unplaced", STATE_BLOCKED,
	 MECHANISM_TCP_RESET, 1, 40, false},
	{"6xc*s57 3xc1e 3xc2s57 3xt*r57 1xt1e 2xt2r57", "reset-unplaced", STATE_CLOSED,
	 MECHANISM_CLOSED, 40, 40, false},
	/* The control never showed hop 3: by a way of its own the port may have met the server. */
	{"6xc*s57 1xc1e 1xc2e 2xc3. 1xc4e 1xc5e 1xc6e 1xc7e 2xc8s57 3xt*r61 1xt1e 1xt2e 1xt3e "
	 "2xt4r61",
	 "reset-nearer", STATE_BLOCKED, MECHANISM_TCP_RESET, 3, 8, false},
	/* One way is a hop shorter, as the SYN-ACKs show that come from less far: so do resets. */
	{"c*s124 t79r123 c221s123 t2e@0 c2e@0 t3e c3e t1e@0 c1e@0 2xt*r124 t188r123 3xc*s123 "
	 "c186s123 c55s123 t230r123 2xt*r123 c6s123 t6r124 2xc4e 2xc5e 3xt5e 2xt5r124 5xt4e",
	 "reset-nearer", STATE_BLOCKED, MECHANISM_TCP_RESET, 4, 6, false},
	/* Who answers every port at hop 1 resets in everybody's name. */
	{"6xc*s64 3xc1s64 3xt*r64 3xt1r64", "cannot-tell", STATE_UNKNOWN, MECHANISM_UNKNOWN, -1, -1,
	 false},
	/* A quote of more than was sent voids all quotes. */
	{"6xc*s57 3xc1s57 3xt*i3/62 1xt5i3/61", "rejected", STATE_BLOCKED, MECHANISM_ICMP_REJECT, 0,
	 40, false},
	/* The port's SYNs go on where the control is answered: its distance is another's. */
	{"6xc*s62 3xc1e 3xc3s62 1xt1e 1xt2e 1xt3e 1xt5e 3xt*i6/58", "rejected", STATE_BLOCKED,
	 MECHANISM_ICMP_REJECT, 6, 7, false},
	{"6xc*s62 3xc1e 3xc3s62 1xt1e 1xt2e 1xt3e 1xt5e 6xt*.", "cannot-tell", STATE_UNKNOWN,
	 MECHANISM_UNKNOWN, -1, -1, false},
	/* Answered at hop 1 by somebody else. */
	{CONTROL "3xt*s64 2xt1s64", "answered-nearer", STATE_INTERCEPTED, MECHANISM_REDIRECT, 0, 1,
	 false},
	/* The same somebody resets, too: that the port is answered there is the finding. */
	{CONTROL "3xt*s64 1xt*r64 2xt1s64 2xt2r64", "answered-nearer", STATE_INTERCEPTED,
	 MECHANISM_REDIRECT, 0, 1, false},
	/* Flows meet several routers: a way of the port's may be shorter, until as many of the
	 * control's were tried. */
	{"6xc*s 3xc1e c2e22 3xc3e 3xc4s 3xt*s t1e t2e 2xt2s", "answered-nearer", STATE_UNKNOWN,
	 MECHANISM_UNKNOWN, -1, -1, false},
	{"6xc*s 3xc1e 3xc2e 3xc2e22 3xc3e 3xc4s 3xt*s t1e 4xt2s", "answered-nearer",
	 STATE_INTERCEPTED, MECHANISM_REDIRECT, 1, 2, false},
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
	{CONTROL "2xt*r61 1xt128r61 3xt*s 12xt2e 4xt3e 2xt4r61", "refused-sometimes",
	 STATE_DEGRADED, MECHANISM_TCP_RESET, 2, 4, false},
	/* Of captures, by scripts/unit-row: a gateway's resets; copied TTLs, which a server alone
	 * places less exactly than three; SYN-ACKs made resets; a provider's drop. */
	{"2xc*s 2xt*r64 c4s t4r64 t3r64 c3e c1e@3165 t1e@3165 t2r64@3165 c2e@3165 c2e t2r64",
	 "reset-nearer", STATE_BLOCKED, MECHANISM_TCP_RESET, 1, 1, false},
	{"2xt*r60 3xc*s57 t4e@3177 c4e@3177 c1e@3177 t1e@3177 c7e t7r3 t8r4 c8s57 c5e t2e@3177 "
	 "c2e@3177 t6r2 c6e t3e@3177 c3e@3177 t255r251 t128r124 2xt5r1 c5.",
	 "reset-copied-ttl", STATE_BLOCKED, MECHANISM_TCP_RESET, 2, 5, false},
	{"3xc*s57 t2e@5276 c2e@5276 t3e@5276 c3e@5276 t7e c7e t6e c6e t1e@5276 c1e@5276 c8s57 "
	 "t8w57 c5e t5e c4e@5276 t4e@5276 4xt*w57",
	 "reset-rewritten", STATE_BLOCKED, MECHANISM_TCP_RESET, 0, 8, true},
	{"2xc*s57 2xt*. t4.@4978 c4e@4978 c1e@4978 t1e@4978 c2e@4978 t2e@4978 t8. c8s57 t5. c5e "
	 "c6e t6. c7e t7. c3e t3. 2xt3.@4978 2xc3e@4978",
	 "silence", STATE_BLOCKED, MECHANISM_SILENT_DROP, 2, 3, false},
	/* Half of twelve lost, the control loses none. */
	{"12xc*s 3xc1e 3xc2e 3xc3e 3xc4s 4xt*s 8xt*.", "limited", STATE_DEGRADED,
	 MECHANISM_RATE_LIMIT, 0, 4, true},
};

static void row_check(const struct row *row)
{
	struct judged found;
	assert_true(judge_words(row->words, &found));
	const struct claim *claim = &found.claim;
	if (strcmp(claim->rule, row->rule) != 0 || found.from != row->from_hop ||
	    found.to != row->to_hop)
		print_message("%s: %s at %d-%d\n", row->words, claim->rule, found.from, found.to);
	assert_string_equal(claim->rule, row->rule);
	assert_int_equal(claim->state, row->state);
	assert_int_equal(claim->mechanism, row->mechanism);
	assert_int_equal(found.from, row->from_hop);
	assert_int_equal(found.to, row->to_hop);
	assert_int_equal(claim->span.way_back, row->way_back);
}

static void each_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		row_check(&rows[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_row),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
