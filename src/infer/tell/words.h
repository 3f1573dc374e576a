/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_TELL_WORDS_H
#define INFER_TELL_WORDS_H

/*
 * The sentences of a result. English stands here and nowhere else in the inference.
 */

#include "infer/vote/vote.h"

/* The run's one sentence, without the other family's state. */
const char *words_verdict(const struct scene *scene, const struct vote *vote, struct arena *arena);

/* One server's sentence. */
const char *words_server(const struct scene *scene, uint32_t s, const struct judgement *j,
			 struct arena *arena);

/* The reasons of a family's verdict, with their frames. */
void words_reasons(const struct scene *scene, const struct vote *vote, struct arena *arena,
		   struct verdict *verdict);

/* What to do next; `other`: the other family's vote, NULL: nothing is known of it. */
void words_next(const struct scene *scene, const struct vote *vote, const struct vote *other,
		struct arena *arena, struct verdict *verdict);

/* The advice to ask from elsewhere, which is done once somebody did; part of words_next(). */
extern const char words_ask_outside[];

#endif
