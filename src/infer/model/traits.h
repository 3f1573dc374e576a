/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_MODEL_TRAITS_H
#define INFER_MODEL_TRAITS_H

/*
 * The manners of one sender: with which TTL its resets or rejections arrive, what
 * they quote, whose address they carry, how their headers look.
 */

#include "infer/model/way.h"

/* Logarithm of the likelihood of all of them, were they sent at the position; 0: the deed sends
 * none, or none came. */
double traits_chance(const struct prior *p, const struct way *way, const struct trace *t,
		     enum deed deed, int position);

#endif
