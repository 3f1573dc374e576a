/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_COMPARE_VERDICT_H
#define INFER_COMPARE_VERDICT_H

/*
 * From the servers' claims to the one verdict of a comparison.
 */

#include "infer/compare/words.h"

/* A comparison while it is judged. */
struct comparing {
	const struct trace *t;
	const struct pairs *p;
	struct result *out;
	struct comparison *c;
	struct scene scene;
	struct cross *crosses; /* one a server */
	struct compared_claim *claims;
};

/* Fills the verdict from the findings and claims; leaves it where no server has a claim. */
void compare_speak(struct comparing *g);

#endif
