/* SPDX-License-Identifier: BSD-2-Clause */
/* The model of who blocks: each trap that it could fall into. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "infer/model/model.h"
#include "infer/scene/build.h"
#include "trace_script.h"

/* A server five hops away whose control is open and traced. */
#define CONTROL "6xc*s 3xc1e 3xc2e 3xc3e 3xc4e 3xc5s "

struct world {
	struct trace t;
	struct scene scene;
	struct model_result model;
};

static void judge(struct world *w, const char *const words[], uint32_t n)
{
	trace_init(&w->t);
	script_route(&w->t);
	for (uint32_t i = 0; i < n; i++)
		script_server(&w->t, (uint8_t)(i + 1));
	for (uint32_t i = 0; i < n; i++)
		script_run(&w->t, i, words[i]);
	assert_int_equal(scene_build(&w->scene, &w->t), 0);
	assert_int_equal(model_judge(&w->scene, NULL, &w->model), 0);
}

static void end(struct world *w)
{
	model_free(&w->model);
	scene_free(&w->scene);
	trace_free(&w->t);
}

/* Of one server: all that rules at these positions have: those that hit every SYN on its way
 * there, or any. */
static double between(const struct world *w, uint32_t s, int lo, int hi, bool all)
{
	const struct model_server *m = &w->model.servers[s];
	const struct posterior *post = &w->model.groups[m->group];
	double sum = 0;
	for (int r = 0; r < post->hypotheses_n; r++) {
		const struct hypothesis *h = &post->hypotheses[r];
		bool counts = !all || (h->unit == UNIT_ALL && !deed_row(h->deed)->back);
		for (int x = lo; counts && x <= hi; x++)
			sum += posterior_at(post, m->way, r, x);
	}
	return sum;
}

static const struct way *way_of(const struct world *w, uint32_t s)
{
	const struct model_server *m = &w->model.servers[s];
	return &w->model.groups[m->group].ways[m->way];
}

/* A router that did not answer is the one that others see behind the same predecessor. */
static void silent_hop(void **state)
{
	static const char *const words[] = {CONTROL "6xt*.", CONTROL "6xt*.",
					    "6xc*s 3xc1e 3xc2e 3xc3. 3xc4e 3xc5s 6xt*."};
	struct world w;
	(void)state;
	judge(&w, words, 3);
	assert_int_equal(way_of(&w, 2)->node[3], way_of(&w, 0)->node[3]);
	assert_int_equal(way_of(&w, 2)->node[4], way_of(&w, 1)->node[4]);
	assert_int_not_equal(way_of(&w, 2)->node[5], way_of(&w, 1)->node[5]);
	end(&w);
}

/* Losses are one unknown for the run, summed over: no single value explains half of all lost. */
static void loss_is_unknown(void **state)
{
	static const char *const words[] = {
		"4xc*s 4xc*. 1xc1e 1xc2e 1xc2. 1xc3e 1xc3. 1xc4s 1xc4. 3xt*. 1xt*s"};
	struct world w;
	double sum = 0;
	(void)state;
	judge(&w, words, 1);
	for (int l = 0; l < PRIOR_LOSSES; l++) {
		assert_true(w.model.groups[0].loss[l] < 0.9);
		sum += w.model.groups[0].loss[l];
	}
	assert_true(fabs(sum - 1) < 1e-9);
	assert_int_not_equal(w.model.servers[0].judgement.state, STATE_BLOCKED);
	end(&w);
}

/* Who is said to answer must have been heard. */
static void unheard(void **state)
{
	struct hypothesis list[HYPOTHESES_MAX];
	(void)state;
	int silent = hypotheses_list(&prior_table, DREW_EXPIRY | DREW_SYNACK, list);
	assert_true(silent > 0);
	for (int i = 0; i < silent; i++)
		assert_int_equal(deed_row(list[i].deed)->draws, 0);
	assert_true(hypotheses_list(&prior_table, DREW_RESET, list) > silent);
}

/* What expired there was not dropped before. */
static void seen_beyond(void **state)
{
	static const char *const words[] = {CONTROL "6xt*. 3xt1e 3xt2e 1xt3e 5xt4."};
	struct world w;
	(void)state;
	judge(&w, words, 1);
	assert_true(between(&w, 0, 1, line_in(3), true) < 1e-6);
	assert_true(between(&w, 0, line_out(3), line_in(5), true) > 0.9);
	assert_int_equal(w.model.servers[0].judgement.state, STATE_BLOCKED);
	end(&w);
}

/* All that is believed of a server sums to one; two names of one address are one server. */
static void sums_to_one(void **state)
{
	static const char *const words[] = {CONTROL "6xt*s", CONTROL "6xt*. 2xt3e 2xt4.", ""};
	struct world w;
	(void)state;
	trace_init(&w.t);
	script_route(&w.t);
	for (uint32_t i = 0; i < 3; i++)
		script_server(&w.t, (uint8_t)(i == 2 ? 2 : i + 1));
	for (uint32_t i = 0; i < 2; i++)
		script_run(&w.t, i, words[i]);
	assert_int_equal(scene_build(&w.scene, &w.t), 0);
	assert_int_equal(model_judge(&w.scene, NULL, &w.model), 0);
	for (uint32_t s = 0; s < 3; s++) {
		const struct model_server *m = &w.model.servers[s];
		const struct belief *b = &w.model.groups[m->group].beliefs[m->way];
		double all = between(&w, s, 1, way_last(way_of(&w, s)), false);
		assert_true(fabs(all + b->nobody + b->something_else - 1) < 1e-6);
	}
	assert_int_equal(w.model.groups[0].n, 2);
	assert_int_equal(w.model.servers[2].way, w.model.servers[1].way);
	assert_int_equal(w.model.servers[0].judgement.state, STATE_OPEN);
	end(&w);
}

/* A share is said to be hit only where SYNs of two flows were accepted. */
static void degraded_by_two_flows(void **state)
{
	static const char *const one[] = {CONTROL "1xt*s 9xt*."};
	static const char *const two[] = {CONTROL "6xt*s 9xt*."};
	struct world w;
	(void)state;
	judge(&w, one, 1);
	assert_int_not_equal(w.model.servers[0].judgement.state, STATE_DEGRADED);
	end(&w);
	judge(&w, two, 1);
	assert_int_equal(w.model.servers[0].judgement.state, STATE_DEGRADED);
	end(&w);
}

/*
 * Where a router's errors are limited, port and control compete for the same tokens: nine silences
 * beside six of nine say little, and the server behind it stays suspect.
 */
static void limited_router(void **state)
{
	static const char *const words[] = {
		"6xc*s 3xc1e 3xc2e 6xc3e 3xc3. 3xc4s 3xt1e 3xt2e 9xt3. 6xt*."};
	struct world w;
	(void)state;
	judge(&w, words, 1);
	const struct judgement *j = &w.model.servers[0].judgement;
	assert_int_equal(j->state, STATE_BLOCKED);
	assert_int_equal(j->blocker, BLOCKER_UNKNOWN);
	assert_true(between(&w, 0, line_out(3), line_in(4), false) > prior_table.suspect);
	end(&w);
}

/* A reset that arrives with one TTL more than the server's SYN-ACKs names nobody. */
static void one_trait(void **state)
{
	static const char *const words[] = {"6xc*s60 3xc1e 3xc2e 3xc3e 3xc4e 3xc5s60 6xt*r61"};
	struct world w;
	(void)state;
	judge(&w, words, 1);
	assert_int_equal(w.model.servers[0].judgement.blocker, BLOCKER_UNKNOWN);
	end(&w);
}

/* What no hypothesis explains is not said to be somebody's. */
static void fits_nothing(void **state)
{
	static const char *const words[] = {CONTROL "3xt1e 3xt2r50 3xt3e 3xt4r40 3xt*r55 3xt*."};
	struct world w;
	(void)state;
	judge(&w, words, 1);
	const struct judgement *j = &w.model.servers[0].judgement;
	assert_true(w.model.servers[0].applies);
	assert_int_equal(j->state, STATE_UNKNOWN);
	assert_int_equal(j->blocker, BLOCKER_UNKNOWN);
	end(&w);
}

/* Above 30 % loss a port that answers as rarely as its control is not called degraded. */
static void heavy_loss(void **state)
{
	static const char *const words[] = {
		"4xc*s 5xc*. 2xc1e 2xc1. 2xc2e 2xc2. 1xc3e 2xc3. 2xc4s 2xc4. 3xt*s 5xt*. 1xt1e "
		"1xt2. 1xt3e",
		"3xc*s 3xc*. 2xc1e 1xc1. 1xc2e 2xc2. 1xc3e 2xc3. 1xc4s 2xc4. 3xt*s 3xt*."};
	struct world w;
	(void)state;
	judge(&w, words, 2);
	for (uint32_t s = 0; s < 2; s++) {
		assert_int_not_equal(w.model.servers[s].judgement.state, STATE_DEGRADED);
	}
	end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(limited_router), cmocka_unit_test(one_trait),
		cmocka_unit_test(fits_nothing),	  cmocka_unit_test(heavy_loss),
		cmocka_unit_test(silent_hop),	  cmocka_unit_test(loss_is_unknown),
		cmocka_unit_test(unheard),	  cmocka_unit_test(seen_beyond),
		cmocka_unit_test(sums_to_one),	  cmocka_unit_test(degraded_by_two_flows),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
