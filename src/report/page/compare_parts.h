/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef REPORT_PAGE_COMPARE_PARTS_H
#define REPORT_PAGE_COMPARE_PARTS_H

/*
 * What is said of a comparison of captures alike in every form of the report.
 */

#include "base/text.h"
#include "infer/compare/compare.h"

/* "arrived" "changed" "vanished" "appeared" "in-between" "unknown". */
const char *compare_fate_name(enum fate fate);

/* "behind hop 2", "behind hops 2 and 3", "place unknown". */
void compare_place_text(const struct compared_capture *c, struct text *out);

#endif
