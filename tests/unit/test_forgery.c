/* SPDX-License-Identifier: BSD-2-Clause */
/* Who plays the part of others gives himself away by what does not fit; what fits is no sign. */
#include "infer/infer.h"
#include "infer/rules/claim.h"
#include "infer/scene/build.h"
#include "trace_script.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define WAY "6xc*s 2xc1e 2xc2e 2xc3e 2xc4e 2xc5e 1xc6s "
/* Blocked behind hop 3. */
#define SILENT	WAY "2xt1e 2xt2e 2xt3e 3xt4. 3xt5. 6xt*."
#define REFUSED WAY "2xt1e 2xt2e 2xt3e 2xt4r60 2xt5r60 4xt*r60"
/* The same by resets with what is left of the SYN's TTL: those of few hops die on their way back.
 */
#define COPIED WAY "2xt1e 2xt2e 2xt3e 2xt4. 2xt5r1 2xt6r2 4xt*r60"

/* The nth answer of a kind to the port under test with this TTL. */
static struct reply *answer(struct trace *t, uint8_t ttl, enum reply_kind kind)
{
	for (size_t i = 0; i < t->replies_n; i++) {
		const struct probe *p = &t->probes[t->replies[i].probe];
		if (p->dst_port == SCRIPT_TARGET && p->ttl == ttl && t->replies[i].kind == kind)
			return &t->replies[i];
	}
	fail_msg("no answer to TTL %u", ttl);
	return NULL;
}

static void from_loopback(struct trace *t)
{
	answer(t, 2, REPLY_EXPIRED)->from = addr_v4((uint8_t[4]){127, 0, 0, 1});
}

static void from_nobody(struct trace *t)
{
	answer(t, 3, REPLY_EXPIRED)->from = addr_v4((uint8_t[4]){240, 0, 0, 1});
}

static void twice(struct trace *t)
{
	struct reply copy = *answer(t, 2, REPLY_EXPIRED);
	copy.from = script_router(5);
	copy.next = TRACE_NONE;
	copy.frame += 5000;
	assert_true(trace_add_reply(t, &copy));
}

static void another_way_back(struct trace *t)
{
	for (size_t i = 0; i < t->replies_n; i++) {
		const struct probe *p = &t->probes[t->replies[i].probe];
		if (p->dst_port == SCRIPT_TARGET && p->ttl == 3)
			t->replies[i].ttl = 58;
	}
}

static void quotes(struct trace *t)
{
	for (size_t i = 0; i < t->replies_n; i++) {
		const struct probe *p = &t->probes[t->replies[i].probe];
		t->replies[i].quoted_ttl = p->dst_port == SCRIPT_TARGET ? 3 : 1;
	}
}

static void one_router(struct trace *t)
{
	for (size_t i = 0; i < t->replies_n; i++) {
		if (t->probes[t->replies[i].probe].dst_port == SCRIPT_TARGET)
			t->replies[i].from = script_router(77);
	}
}

/* All answers but those to the port come from 40 ms away. */
static void too_soon(struct trace *t)
{
	for (size_t i = 0; i < t->replies_n; i++) {
		if (t->probes[t->replies[i].probe].dst_port != SCRIPT_TARGET)
			t->replies[i].at_ns += 40 * SCRIPT_MS;
	}
}

/* All answers but resets do. */
static void resets_too_soon(struct trace *t)
{
	for (size_t i = 0; i < t->replies_n; i++) {
		if (t->replies[i].kind != REPLY_RESET)
			t->replies[i].at_ns += 40 * SCRIPT_MS;
	}
}

/* The first hops are far as well, so that no answer takes a small part of another's time. */
static void resets_steadily_sooner(struct trace *t)
{
	for (size_t i = 0; i < t->replies_n; i++)
		t->replies[i].at_ns += 100 * SCRIPT_MS;
	resets_too_soon(t);
}

/* The same, but one of them takes as long as all others. */
static void resets_mostly_sooner(struct trace *t)
{
	resets_steadily_sooner(t);
	answer(t, 4, REPLY_RESET)->at_ns += 40 * SCRIPT_MS;
}

/* The same, but all that are not of limited TTL do. */
static void resets_sooner_by_chance(struct trace *t)
{
	resets_steadily_sooner(t);
	for (size_t i = 0; i < t->replies_n; i++) {
		const struct probe *p = &t->probes[t->replies[i].probe];
		if (t->replies[i].kind == REPLY_RESET && (p->ttl > 5 || p->ttl == 4))
			t->replies[i].at_ns += 40 * SCRIPT_MS;
	}
}

/* Every second SYN that may reach the server set out with more, and only these are dropped. */
static void by_ttl(struct trace *t)
{
	unsigned n = 0;
	t->run.own = true;
	for (size_t i = 0; i < t->probes_n; i++) {
		struct probe *p = &t->probes[i];
		if (p->dst_port == SCRIPT_TARGET && p->ttl == 64 && p->first_reply == TRACE_NONE)
			p->ttl = (uint8_t)(100 + n++);
	}
}

static void nothing(struct trace *t)
{
	(void)t;
}

static const struct {
	const char *words;
	void (*play)(struct trace *t);
	enum forgery_kind kind;
	int before; /* who resets is nearer than that */
} cases[] = {
	{SILENT, nothing, FORGERY_NONE, 0},
	{REFUSED, nothing, FORGERY_NONE, 0},
	{SILENT, from_loopback, FORGERY_SOURCE, 0},
	{SILENT, from_nobody, FORGERY_SOURCE, 0},
	{SILENT, twice, FORGERY_COPIES, 0},
	{SILENT, another_way_back, FORGERY_ROUTER, 0},
	{SILENT, quotes, FORGERY_QUOTE, 0},
	{SILENT, one_router, FORGERY_DISTANCES, 0},
	{SILENT, too_soon, FORGERY_TIME, 0},
	{REFUSED, too_soon, FORGERY_TIME, 0},
	{REFUSED, resets_too_soon, FORGERY_TIME, 2},
	{REFUSED, resets_steadily_sooner, FORGERY_TIME, 2},
	{REFUSED, resets_mostly_sooner, FORGERY_TIME, 2},
	{REFUSED, resets_sooner_by_chance, FORGERY_NONE, 0},
	{COPIED, resets_too_soon, FORGERY_NONE, 0},
	{COPIED, resets_steadily_sooner, FORGERY_NONE, 0},
	/* Routers that do not show themselves are no measure of time. */
	{"6xc*s 2xc1e 2xc2. 2xc3e 2xc4e 2xc5e 1xc6s 2xt1e 2xt2. 2xt3e 2xt4r60 2xt5r60 4xt*r60",
	 resets_too_soon, FORGERY_TIME, 3},
	{WAY "8xt*s 8xt*.", by_ttl, FORGERY_TTL, 0},
};

/* The sign is found, and then everybody from the first hop on is among the suspects. */
static void signs(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct trace t;
		struct scene scene;
		struct result result;
		script_begin(&t, cases[i].words);
		cases[i].play(&t);
		assert_int_equal(scene_build(&scene, &t), 0);
		assert_int_equal(scene.forgeries[0].kind, cases[i].kind);
		assert_int_equal(scene.forgeries[0].before, cases[i].before);
		assert_int_equal(scene.forgeries[1].kind, FORGERY_NONE);
		assert_int_equal(infer_judge(&t, &result), 0);
		const struct judgement *j = &result.verdict.judgement;
		bool local = false, told = false;
		for (size_t k = 0; k < j->suspects_n; k++)
			local = local || j->suspects[k].blocker == BLOCKER_LOCAL_NETWORK;
		for (size_t k = 0; k < result.verdict.reasons_n; k++)
			told = told || strcmp(result.verdict.reasons[k].rule, "played") == 0;
		assert_int_equal(told, cases[i].kind != FORGERY_NONE);
		assert_true(j->state != STATE_OPEN);
		if (cases[i].kind != FORGERY_NONE) {
			assert_int_equal(j->blocker, BLOCKER_UNKNOWN);
			assert_true(local || j->state == STATE_UNKNOWN);
		} else {
			assert_false(local);
		}
		result_free(&result);
		scene_free(&scene);
		trace_free(&t);
	}
}

/* Two ways that part at hop 2: an end at hop 4 of both is no router's. */
static void one_distance(void **state)
{
	/* The other way's control, and its port that stops behind hop 3 or behind hop 2. */
#define APART "6xc*s 2xc1e 2xc2e22 2xc3e23 2xc4e24 2xc5e25 1xc6s 2xt1e 2xt2e22 "
	static const char *const words[] = {
		"6xc*s 2xc1e 2xc2e 2xc3e 2xc4e 2xc5e 1xc6s 2xt1e 2xt2e 2xt3e 3xt4. 3xt5. 6xt*.",
		APART "2xt3e23 3xt4. 3xt5. 6xt*.",
		APART "3xt3. 3xt4. 3xt5. 6xt*.",
	};
#undef APART
	(void)state;
	for (int other = 1; other <= 2; other++) {
		struct trace t;
		struct scene scene;
		script_begin(&t, words[0]);
		script_run(&t, script_server(&t, 2), words[other]);
		assert_int_equal(scene_build(&scene, &t), 0);
		assert_int_equal(scene.forgeries[0].kind,
				 other == 1 ? FORGERY_PLACES : FORGERY_NONE);
		scene_free(&scene);
		trace_free(&t);
	}
}

/* Who is found one hop away is there: nobody seems nearer than he is. */
static void nearest_stays(void **state)
{
	struct trace t;
	struct scene scene;
	struct claim claim;
	(void)state;
	script_begin(&t, WAY "3xt1r64 3xt2r64 6xt*r64");
	assert_int_equal(scene_build(&scene, &t), 0);
	scene.forgeries[0] = (struct forgery){.kind = FORGERY_PLACES};
	claim_make(&scene, 0, &claim);
	assert_int_equal(claim.state, STATE_BLOCKED);
	assert_false(claim.played);
	scene_free(&scene);
	trace_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signs),
		cmocka_unit_test(one_distance),
		cmocka_unit_test(nearest_stays),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
