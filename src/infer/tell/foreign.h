/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_TELL_FOREIGN_H
#define INFER_TELL_FOREIGN_H

/*
 * The sentences about somebody else's capture where the usual one does not fit.
 */

#include "infer/vote/vote.h"

/* What is said as a verdict's reason, and why it is unknown; NULL: the usual sentence fits. */
const char *foreign_reason(const struct scene *scene, const struct vote *vote, struct arena *arena);
const char *foreign_unknown(const struct scene *scene, const struct vote *vote);

#endif
