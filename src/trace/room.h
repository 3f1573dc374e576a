/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef TRACE_ROOM_H
#define TRACE_ROOM_H

/*
 * Growth of the ledger's lists of facts, and the texts in them. What does not fit is
 * remembered in the ledger.
 */

#include "trace/trace.h"

/* Whether a list of `n` items may take one more without being longer than `max`. */
bool room_below(struct trace *t, size_t n, size_t max);

/* Memory for one more of `size` bytes in *items, of which there are `n`; false when there is none.
 */
bool room_grow(struct trace *t, void *items, size_t *cap, size_t n, size_t size);

/* Both, for the list t->LIST with its LIST_n and LIST_cap. */
#define ROOM(t, list, max)                                                                         \
	(room_below((t), (t)->list##_n, (max)) &&                                                  \
	 room_grow((t), &(t)->list, &(t)->list##_cap, (t)->list##_n, sizeof(*(t)->list)))

/* A copy of `s` that lives as long as the ledger; of `missing` where `s` is NULL, which may be,
 * too. */
const char *room_keep(struct trace *t, const char *s, const char *missing);

/* Whether there was memory for every copy so far: one that found none came back as "". */
bool room_kept(struct trace *t);

#endif
