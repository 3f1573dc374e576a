/* SPDX-License-Identifier: BSD-2-Clause */
/* What one server's answers say of another's resets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "company.h"

/* In whatever order the servers are: a gateway that sets TTLs, the same where losses hide it, and a
 * way on which they are counted. */
static void levelled_in_any_order(void **state)
{
	static const char *const words[] = {
		"6xc*s57 2xc1s57 3xt*r62 2xt1r62",
		"6xc*s57 3xc1. 3xc2. 2xc5s57 3xt*r62 2xt1r62",
		"6xc*s60 3xc1e 3xc2e 3xc3e 3xc4e 2xc5s60 3xt*r63 1xt1e 2xt2r63",
	};
	static const char *const rules[] = {"reset-unplaced", "reset-unplaced", "reset-nearer"};
	static const uint32_t orders[][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
					     {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
	(void)state;
	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		const uint32_t *order = orders[i];
		const char *turned[] = {words[order[0]], words[order[1]], words[order[2]]};
		struct company c;
		struct claim claim;
		company_begin(&c, turned, 3, 0);
		company_claim(&c, 0, &claim);
		for (uint32_t s = 0; s < 3; s++) {
			claim_make(&c.scene, s, &claim);
			assert_string_equal(claim.rule, rules[order[s]]);
		}
		company_end(&c);
	}
}

/* Behind a NAT that accepts and refuses by itself: one server may be closed, not those of several
 * networks. */
static void behind_a_translator(void **state)
{
#define TRANSLATED "6xc*s64 3xc1s64 "
	static const char *const words[][2] = {
		{TRANSLATED "3xt*r64 3xt1r64", TRANSLATED "3xt*r64 3xt1r64"},
		{TRANSLATED "3xt*r64 3xt1r64", TRANSLATED "3xt*s64 3xt1s64"}};
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct company c;
		struct claim claim;
		company_begin(&c, words[i], 2, 0);
		company_claim(&c, 0, &claim);
		assert_string_equal(claim.rule, i == 0 ? "reset-unplaced" : "cannot-tell");
		assert_int_equal(claim.state, i == 0 ? STATE_BLOCKED : STATE_UNKNOWN);
		company_end(&c);
	}
}

/* All SYNs to one server are reset. Where others' are now and then, its own may be so; where some
 * to others are lost, that says nothing of resets. */
static void all_by_bad_luck(void **state)
{
#define NEARER "6xc*s57 1xc1e 1xc2e 1xc3e 1xc4e 1xc5e 1xc8s57 1xt1e 1xt2e 2xt3r62 1xt*r62"
#define OTHER  "6xc*s57 1xc1e 1xc2e 1xc3e 1xc4e 1xc5e 1xc8s57 "
	static const char *const words[][2] = {{NEARER, OTHER "3xt*s57 3xt*r62 1xt1e 2xt3r62"},
					       {NEARER, OTHER "3xt*s57 3xt*."}};
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct company c;
		struct claim claim;
		company_begin(&c, words[i], 2, 0);
		company_claim(&c, 0, &claim);
		assert_string_equal(claim.rule, i == 0 ? "reset-sometimes" : "reset-nearer");
		assert_int_equal(claim.state, i == 0 ? STATE_DEGRADED : STATE_BLOCKED);
		assert_int_equal(claim.first_missing, 3);
		company_end(&c);
	}
}

/* What a copied TTL lost tells a wrong place where resets come back by a longer way: where SYNs to
 * another server end, at the same routers, counts as well. */
static void copied_on_a_detour(void **state)
{
#define LONG_CONTROL "6xc*s 3xc1e 3xc2e 3xc3e 3xc4e 3xc5e 3xc6e 2xc7s "
	static const char *const words[] = {LONG_CONTROL "3xt*r54 1xt20r10",
					    LONG_CONTROL "3xt*r54 1xt20r10 2xt1e 2xt2e 2xt3."};
	(void)state;
	for (uint32_t servers = 1; servers <= 2; servers++) {
		struct company c;
		struct claim claim;
		company_begin(&c, words, servers, 0);
		company_claim(&c, 0, &claim);
		assert_string_equal(claim.rule, "reset-copied-ttl");
		assert_int_equal(claim.last_seen, servers == 1 ? 5 : 2);
		assert_int_equal(claim.first_missing, 7);
		company_end(&c);
	}
}

/* SYNs with TTL 4 and 5 expire as well; with `reset` the one with TTL 3 is reset as well. */
static void draw_more(struct company *c, uint32_t probe, bool reset)
{
	const struct probe *p = &c->t.probes[probe];
	struct reply r = {.probe = probe, .file = 1, .frame = 9000 + probe, .ack_valid = true};
	r.at_ns = p->at_ns + SCRIPT_MS;
	r.kind = p->ttl == 3 ? REPLY_RESET : REPLY_EXPIRED;
	r.from = p->ttl == 3 ? c->t.servers[0].addr : script_router(p->ttl);
	r.ttl = (uint8_t)(p->ttl == 3 ? 63 : 65 - p->ttl);
	bool wanted = p->ttl == 3 ? reset : p->ttl == 4 || p->ttl == 5;
	if (p->dst_port == SCRIPT_TARGET && wanted)
		assert_true(trace_add_reply(&c->t, &r));
}

/* A reset to one of several SYNs of a 5-tuple proves nothing; but the SYN was not spared either. */
static void reset_beside_expiry(void **state)
{
	static const char *const words[] = {LONG_CONTROL
					    "6xt*r63 t1e@1 t2.@1 t3e@1 2xt4r63 1xt5r63"};
	(void)state;
	for (int both = 0; both < 2; both++) {
		struct company c;
		struct claim claim;
		company_begin(&c, words, 1, 0);
		for (uint32_t i = 0; i < c.t.probes_n; i++)
			draw_more(&c, i, both);
		company_claim(&c, 0, &claim);
		assert_string_equal(claim.rule, "reset-nearer");
		assert_int_equal(claim.last_seen, both ? 2 : 3);
		company_end(&c);
	}
}

/* A server that accepts a SYN does not refuse it as well: resets beside its SYN-ACKs are not its.
 */
static void reset_beside_acceptance(void **state)
{
	static const char *const words[] = {LONG_CONTROL "6xt*r61 t1e t2e t3e t4e t5e t6e 2xt7r61"};
	(void)state;
	for (int both = 0; both < 2; both++) {
		struct company c;
		struct claim claim;
		company_begin(&c, words, 1, 0);
		for (uint32_t i = 0; both && i < c.t.probes_n; i++) {
			const struct probe *p = &c.t.probes[i];
			struct reply r = {.probe = i, .file = 1, .frame = 9000 + i, .ttl = 61};
			r.kind = REPLY_SYNACK;
			r.at_ns = p->at_ns + 2 * SCRIPT_MS;
			r.from = c.t.servers[0].addr;
			r.ack_valid = true;
			if (p->dst_port == SCRIPT_TARGET && p->ttl >= 7)
				assert_true(trace_add_reply(&c.t, &r));
		}
		company_claim(&c, 0, &claim);
		assert_string_equal(claim.rule, "reset-by-server");
		assert_int_equal(claim.state, both ? STATE_BLOCKED : STATE_CLOSED);
		assert_int_equal(claim.span.way_back, both);
		company_end(&c);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(levelled_in_any_order), cmocka_unit_test(behind_a_translator),
		cmocka_unit_test(all_by_bad_luck),	 cmocka_unit_test(copied_on_a_detour),
		cmocka_unit_test(reset_beside_expiry),	 cmocka_unit_test(reset_beside_acceptance),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
