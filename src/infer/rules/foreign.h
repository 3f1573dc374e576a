/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_RULES_FOREIGN_H
#define INFER_RULES_FOREIGN_H

/*
 * What holds for somebody else's capture alone: SYNs repeat themselves, nobody
 * chose the controls, and what the frames cannot show stays open.
 */

#include "infer/rules/claim.h"

bool rule_foreign_uncontrolled(const struct scene *scene, uint32_t s);
bool rule_foreign_unasked(const struct scene *scene, uint32_t s);
bool rule_foreign_silent_host(const struct scene *scene, uint32_t s);
bool rule_foreign_reset_here(const struct scene *scene, uint32_t s, struct claim *out);
bool rule_foreign_reset(const struct scene *scene, uint32_t s, struct claim *out);
bool rule_foreign_twice(const struct scene *scene, uint32_t s);
bool rule_foreign_unheard(const struct scene *scene, uint32_t s);

#endif
