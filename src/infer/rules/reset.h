/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_RULES_RESET_H
#define INFER_RULES_RESET_H

/*
 * The resets that a port drew, for the rules that tell whose they are.
 */

#include "infer/rules/reset_series.h"

/* The place of resets that came from nearer than the server, and how sure. */
void resets_place_nearer(const struct scene *scene, uint32_t s, const struct reset_series *all,
			 struct claim *out);

/* The place of a sender that copies the SYN's TTL into its resets; false: nothing shows one. */
bool resets_place_copied(const struct scene *scene, uint32_t s, const struct reset_series *all,
			 struct claim *out);

/* The hop that must miss more SYNs before it encloses such a sender, 0: none. */
int resets_copied_unsure(const struct scene *scene, uint32_t s);

#endif
