/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INFER_TELL_ABSENT_H
#define INFER_TELL_ABSENT_H

/*
 * Words for servers that nothing was heard of: names without an address, addresses without a route,
 * and who answers on no port, beside others that do or not.
 */

#include "infer/vote/vote.h"

/* The verdict's sentence when no server that counts answered anything. */
const char *absent_sentence(const struct scene *scene, struct arena *arena);

/* HOSTs that have no address or are dead, beside a verdict on others. */
void absent_names(const struct scene *scene, struct arena *arena, struct verdict *verdict);

/* What failed, for each of the names, where nothing can be said. */
void absent_reasons(const struct scene *scene, struct arena *arena, struct verdict *verdict);

/* The command that lets the port out of this host, where that refuses everything; NULL: none. */
const char *absent_command(const struct scene *scene, struct arena *arena);

/* What to do first. */
const char *absent_advice(const struct scene *scene);

#endif
