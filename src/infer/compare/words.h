/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_COMPARE_WORDS_H
#define INFER_COMPARE_WORDS_H

/*
 * The sentences of a comparison, and its reasons with the frames of both ends.
 */

#include "infer/compare/rules.h"

/* One server's sentence. */
const char *compare_sentence(const struct cross *x, const struct compared_claim *claim,
			     const struct judgement *j, struct arena *arena);

/* What carries the claim; then what each place saw. */
void compare_reasons(const struct cross *x, const struct compared_claim *claim, struct arena *arena,
		     struct verdict *verdict);

/* How the clocks were brought together, a reason for each capture that has anything in common. */
void compare_clock_reasons(const struct comparison *c, struct arena *arena,
			   struct verdict *verdict);

/* Why nothing is decided where the captures are not of one another. */
const char *compare_apart(const struct pairs *p, const struct comparison *c, struct arena *arena);

#endif
