/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_BEYOND_H
#define INFER_BEYOND_H

/*
 * The result's part about this host: host.facts, and where the host blocks, what
 * would remain if it did not.
 */

#include "infer/result/result.h"
#include "infer/vote/vote.h"

/*
 * Where this host itself blocks (vote: the family's that speaks): gives the verdict its own
 * reasons, and adds what lies beyond to sentence, reasons and suspects. 0, or -1 when there is no
 * memory.
 */
int host_amend(const struct scene *scene, const struct vote *vote, struct result *out);

/* Says what the first hops really are, where the verdict speaks of them: container, VM, tunnel. */
void host_remark(const struct trace *t, struct result *out);

#endif
