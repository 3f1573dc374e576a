/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef REPORT_TEXT_PARTS_H
#define REPORT_TEXT_PARTS_H

/*
 * The parts of the text report, in the order in which they stand in it. Each
 * prints nothing, not even an empty line, when it has nothing to say.
 */

#include "report/page/view.h"
#include <stddef.h>

/* The sentence with its probability, the suspects, the reasons. */
void text_verdict(const struct view *v);

/* What was found on this host itself: the rule, what would allow the port. */
void text_host(const struct view *v);

/* The paired hop table of one finding (an index of result.findings). */
void text_hops(const struct view *v, size_t finding);

/* The server table, grouped by family where both were asked. */
void text_servers(const struct view *v);

/* The other mail ports and whether they are open. */
void text_ways_out(const struct view *v);

/* What others saw of the port, a line for each class of them. */
void text_outside(const struct view *v);

/* Where each of several captures looked, how its clock runs, one connection side by side. */
void text_compare(const struct view *v);

#endif
