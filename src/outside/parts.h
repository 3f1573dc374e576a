/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef OUTSIDE_PARTS_H
#define OUTSIDE_PARTS_H

/*
 * The steps of outside_judge().
 */

#include "outside/view.h"

/* What a finished result says of one place; `row` has its vantage. False: no memory. */
bool row_fill(struct outside_row *row, const struct result *result, struct arena *arena);

/* The place as one of many; strings and lists belong to the arena. */
struct site row_site(const struct outside_row *row, const struct result *result, uint32_t index,
		     struct arena *arena);

/* Chooses the rows that count, and counts them. */
void counts_make(struct outside_view *view, struct outside_row *rows, size_t n);

/* What the counts of a family may be said to show. */
enum outside_says counts_say(const struct outside_view *view, int family);

/*
 * How much likelier `hits` of `asked` are where one rule holds for all of them than where each
 * fares by itself. Never below one.
 */
double counts_ratio(uint32_t hits, uint32_t asked);

/* The sentences of the view in the arena's language; `own` may be NULL. Returns how many. */
size_t words_fill(const struct outside_view *view, const struct result *own, struct arena *arena,
		  const char *list[OUTSIDE_SENTENCES_MAX]);

#endif
