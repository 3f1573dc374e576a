/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef REPORT_PAGE_COMPARE_PARTS_H
#define REPORT_PAGE_COMPARE_PARTS_H

/*
 * What the renderers show of a comparison of captures: where each one looked,
 * how its clock runs, and one connection with both ends side by side. Nothing
 * where the result is of one capture alone.
 */

#include "infer/compare/compare.h"
#include "report/html/parts.h"
#include "report/json/value.h"
#include "report/text/parts.h"

/* The result's `compare`; a new reference, failures are remembered in *m. */
json_t *json_compare(struct value_maker *m, const struct comparison *c);

void text_compare(const struct view *v);
void html_compare(const struct html *h);

/* "arrived" "changed" "vanished" "appeared" "in-between" "unknown". */
const char *compare_fate_name(enum fate fate);

/* "behind hop 2", "behind hops 2 and 3", "place unknown". */
void compare_place_text(const struct compared_capture *c, struct text *out);

#endif
