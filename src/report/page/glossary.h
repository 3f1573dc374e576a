/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef REPORT_PAGE_GLOSSARY_H
#define REPORT_PAGE_GLOSSARY_H

/*
 * What the words of a result mean: the manual's section about them, read from its source. Its
 * entries are plain text; the title above a list says what its words are.
 */

#include "report/report.h"

/*
 * Appends each entry that the manual (n bytes) has about the word. Returns how many there are; a
 * word may be a state and a rule as well.
 */
size_t glossary_explain(const char *manual, size_t n, const char *word,
			const struct text_style *style, struct text *out);

/* The word for a sign of the table of hops, in either of its forms; NULL: it is none. */
const char *glossary_sign(const char *sign);

#endif
