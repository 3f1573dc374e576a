/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef TESTS_CLAIM_ROWS_H
#define TESTS_CLAIM_ROWS_H

/*
 * What the rules make of one server's words (trace_script.h).
 */

#include "infer/rules/claim.h"
#include "infer/scene/build.h"
#include "trace_script.h"

/* A server four hops away whose control is open and traced. */
#define CONTROL "6xc*s 3xc1e 3xc2e 3xc3e 3xc4s "

struct judged {
	struct claim claim;
	int from, to; /* hops beside the place, -1: none */
};

/* False when there is no memory. */
static inline bool judge_words(const char *words, struct judged *out)
{
	struct trace t;
	struct scene scene;
	*out = (struct judged){.from = -1, .to = -1};
	trace_init(&t);
	script_route(&t);
	script_run(&t, script_server(&t, 113), words);
	bool ok = scene_build(&scene, &t) == 0;
	if (ok)
		claim_make(&scene, 0, &out->claim);
	if (ok && out->claim.placed)
		span_hops(&out->claim.span, &out->from, &out->to);
	scene_free(&scene);
	trace_free(&t);
	return ok;
}

#endif
