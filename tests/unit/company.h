/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef COMPANY_H
#define COMPANY_H

/* Several servers by their words (trace_script.h), and what is claimed of one of them. */

#include "infer/rules/claim.h"
#include "infer/scene/build.h"
#include "trace_script.h"

struct company {
	struct trace t;
	struct scene scene;
};

/* The servers of these words, the last of which is given to `more` servers in all. */
static void company_begin(struct company *c, const char *const words[], uint32_t n, uint32_t more)
{
	trace_init(&c->t);
	script_route(&c->t);
	for (uint32_t i = 0; i < n + more; i++)
		script_server(&c->t, (uint8_t)(i + 1));
	for (uint32_t i = 0; i < n + more; i++)
		script_run(&c->t, i, words[i < n ? i : n - 1]);
}

static void company_claim(struct company *c, uint32_t s, struct claim *out)
{
	assert_int_equal(scene_build(&c->scene, &c->t), 0);
	claim_make(&c->scene, s, out);
}

static void company_end(struct company *c)
{
	scene_free(&c->scene);
	trace_free(&c->t);
}

#endif
