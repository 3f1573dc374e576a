/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_TELL_SHUT_OUT_H
#define INFER_TELL_SHUT_OUT_H

/*
 * Words for a measurement that a list of hosts which begin many connections ended, or a limit.
 */

#include "infer/tell/advice.h"
#include "infer/tell/phrases.h"

/* The verdict's sentence where that is why server s is undecided, else NULL. */
const char *shut_out_sentence(const struct scene *scene, uint32_t s, const struct judgement *j,
			      struct arena *arena);

/* What shows it, with the frames. */
void shut_out_reason(const struct telling *why);

/* What to do then; whether that is why nothing is decided. */
bool shut_out_advice(const struct advising *a);

#endif
