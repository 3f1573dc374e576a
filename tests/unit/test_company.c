/* SPDX-License-Identifier: BSD-2-Clause */
/* What one server's answers say of another's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "company.h"

#define CONTROL "6xc*s 3xc1e 3xc2e 3xc3e 3xc4s "

#define FARM 250 /* servers of one network, all of them lossy */

static void verify(struct trace *t, uint32_t s)
{
	struct session session = {
		.server = s,
		.port = SCRIPT_TARGET,
		.stage = SESSION_COMPLETE,
		.has_verify = true,
		.name_checked = true,
		.name_fits = true,
	};
	assert_true(trace_add_session(t, &session));
}

/* The SYNs with limited TTLs expire, beside whatever else they draw. */
static void expire_too(struct trace *t)
{
	for (uint32_t i = 0; i < t->probes_n; i++) {
		struct reply r = {.probe = i, .kind = REPLY_EXPIRED, .file = 1};
		const struct probe *p = &t->probes[i];
		if (p->dst_port != SCRIPT_TARGET || p->ttl == 64)
			continue;
		r.at_ns = p->at_ns + SCRIPT_MS;
		r.from = script_router(p->ttl);
		r.ttl = (uint8_t)(65 - p->ttl);
		r.frame = 5000 + i;
		assert_true(trace_add_reply(t, &r));
	}
}

/* Who answers a SYN at hop 2 may pass all on, unless the SYN itself travels on. */
static void answered_beside(void **state)
{
	static const char *const words[] = {
		"6xc*s 3xc1e 3xc2e 3xc3e 3xc4e 3xc5e 3xc6s 3xt*s63 1xt1e 2xt2s63 2xt3s63"};
	(void)state;
	for (int both = 0; both < 2; both++) {
		struct company c;
		struct claim claim;
		company_begin(&c, words, 1, 0);
		verify(&c.t, 0);
		if (both)
			expire_too(&c.t);
		company_claim(&c, 0, &claim);
		assert_string_equal(claim.rule, both ? "answered-beside" : "tls-verified");
		assert_int_equal(claim.state, both ? STATE_UNKNOWN : STATE_OPEN);
		company_end(&c);
	}
}

/* A proxy that passes another server's session on does so here, though a loss hid it at hop 2. */
static void passed_on_elsewhere(void **state)
{
	static const char *const lossy[] = {
		"9xc*s 1xc*. 3xc1e 3xc2e 3xc3e 3xc4e 3xc5e 3xc6s 3xt*s63 1xt1e 2xt2s63 2xt3s63",
		"9xc*s 1xc*. 3xc1e 3xc2e 3xc3e 3xc4e 3xc5e 3xc6s 3xt*s63 1xt1e 1xt2. 2xt3s63"};
	(void)state;
	for (int verified = 0; verified < 2; verified++) {
		struct company c;
		struct claim claim;
		company_begin(&c, lossy, 2, 0);
		if (verified)
			verify(&c.t, 1);
		company_claim(&c, 0, &claim);
		assert_int_equal(claim.state, verified ? STATE_OPEN : STATE_INTERCEPTED);
		company_end(&c);
	}
}

/* Everybody at the gateway is a portal, unless a verified session shows that it passes all on. */
static void captive_or_passed_on(void **state)
{
	static const char *const words[] = {"6xc*s64 2xc1s64 3xt*s64 2xt1s64"};
	for (int passed = 0; passed < 2; passed++) {
		struct company c;
		struct claim claim;
		(void)state;
		company_begin(&c, words, 1, 1);
		if (passed)
			verify(&c.t, 0);
		company_claim(&c, 1, &claim);
		assert_int_equal(claim.state, passed ? STATE_OPEN : STATE_INTERCEPTED);
		company_end(&c);
	}
}

/*
 * Of several ports the luckiest is the control: over many servers that is beyond chance, and no
 * limit. Half of the SYNs is one.
 */
static void farm_losses(void **state)
{
	static const char *const lossy[] = {"13xc*s 2xc*. 15xt*s 4xt*."};
	static const char *const limited[] = {"13xc*s 2xc*. 9xt*s 10xt*."};
	struct company c;
	struct claim claim;
	(void)state;
	company_begin(&c, lossy, 1, FARM);
	company_claim(&c, 0, &claim);
	assert_int_equal(claim.state, STATE_OPEN);
	company_end(&c);
	company_begin(&c, limited, 1, FARM);
	company_claim(&c, 0, &claim);
	assert_string_equal(claim.rule, "limited");
	company_end(&c);
}

/* The control lost nothing by luck, where other ports lost SYNs: that is no limit yet. */
static void spared_by_luck(void **state)
{
	static const char *const lossless[] = {"24xc*s 3xk*s 18xt*s 6xt*.",
					       "20xc*s 3xk*s 15xt*s 5xt*."};
	static const char *const lossy[] = {"24xc*s 3xk*s 18xt*s 6xt*.",
					    "20xc*s 2xk*s 1xk*. 15xt*s 5xt*."};
	struct company c;
	struct claim claim;
	(void)state;
	company_begin(&c, lossless, 2, 0);
	company_claim(&c, 0, &claim);
	assert_int_equal(claim.state, STATE_DEGRADED);
	company_end(&c);
	company_begin(&c, lossy, 2, 0);
	company_claim(&c, 0, &claim);
	assert_int_equal(claim.state, STATE_UNKNOWN);
	company_end(&c);
}

/* What a limit leaves to other servers is so little that one may well get nothing. */
static void silent_by_limit(void **state)
{
	static const char *const words[] = {
		CONTROL "6xt*. 3xt1e 3xt2e 3xt3. 3xt4.",
		CONTROL "12xc*s 2xt*s 20xt*.",
	};
	static const char *const spared[] = {
		CONTROL "6xt*. 3xt1e 3xt2e 3xt3. 3xt4.",
		CONTROL "12xc*s 16xt*s 8xt*.",
	};
	struct company c;
	struct claim claim;
	(void)state;
	company_begin(&c, words, 2, 1);
	company_claim(&c, 0, &claim);
	assert_string_equal(claim.rule, "limited");
	company_end(&c);
	company_begin(&c, spared, 2, 1);
	company_claim(&c, 0, &claim);
	assert_string_equal(claim.rule, "silence");
	company_end(&c);
}

/* One server's SYNs are redirected at hop 2: so may be another's whose expiries are lost. */
static void redirected_elsewhere(void **state)
{
	static const char *const unseen[] = {
		CONTROL "3xt*r61 1xt1e 1xt2e9 1xt3e9",
		CONTROL "3xt*r61 1xt1e 1xt2. 1xt3. 3xt4r61",
	};
	static const char *const passing[] = {
		CONTROL "3xt*r61 1xt1e 1xt2e9 1xt3e9",
		CONTROL "3xt*r61 1xt1e 1xt2e 1xt3e 3xt4r61",
	};
	struct company c;
	struct claim claim;
	(void)state;
	company_begin(&c, unseen, 2, 0);
	company_claim(&c, 0, &claim);
	assert_int_equal(claim.state, STATE_INTERCEPTED);
	scene_free(&c.scene);
	company_claim(&c, 1, &claim);
	assert_int_equal(claim.state, STATE_UNKNOWN);
	company_end(&c);
	company_begin(&c, passing, 2, 0);
	company_claim(&c, 1, &claim);
	assert_int_equal(claim.state, STATE_CLOSED);
	company_end(&c);
}

/* Four SYNs that a hop misses are a boundary, but not where the way loses one of six. */
static void silence_on_a_lossy_way(void **state)
{
	static const char *const ways[] = {"9xc*s 3xc1e 3xc2e 4xc3e 3xc4s 6xt*. 3xt1e 3xt2e 4xt3.",
					   "9xc*s 2xc*. 3xc1e 2xc2e c2. 4xc3e 3xc4s 6xt*. 3xt1e "
					   "3xt2e 4xt3."};
	(void)state;
	for (int lossy = 0; lossy < 2; lossy++) {
		struct company c;
		struct claim claim;
		company_begin(&c, &ways[lossy], 1, 0);
		company_claim(&c, 0, &claim);
		assert_string_equal(claim.rule, "silence");
		assert_int_equal(claim.last_seen, 2);
		assert_int_equal(claim.first_missing, lossy ? 4 : 3);
		company_end(&c);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answered_beside),	cmocka_unit_test(passed_on_elsewhere),
		cmocka_unit_test(captive_or_passed_on), cmocka_unit_test(farm_losses),
		cmocka_unit_test(silent_by_limit),	cmocka_unit_test(spared_by_luck),
		cmocka_unit_test(redirected_elsewhere), cmocka_unit_test(silence_on_a_lossy_way),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
