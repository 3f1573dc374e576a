/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef TESTS_REPORT_TEST_H
#define TESTS_REPORT_TEST_H

/* What the tests of the renderers share: cmocka, and a case made, printed and freed. */

#include "report_cases.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static inline size_t find_case(const char *name)
{
	for (size_t i = 0; i < REPORT_CASES; i++) {
		if (strcmp(report_cases[i].name, name) == 0)
			return i;
	}
	fail_msg("no case \"%s\"", name);
	return 0;
}

/* A new sample of the case; free_case() it. */
static inline struct sample *make_case(size_t index)
{
	struct sample *s = malloc(sizeof(*s));

	assert_non_null(s);
	sample_begin(s);
	report_cases[index].make(s);
	assert_false(s->t.failed);
	return s;
}

static inline void free_case(struct sample *s)
{
	sample_end(s);
	free(s);
}

static inline void print_case(size_t index, const struct text_style *style, struct text *out)
{
	struct sample *s = make_case(index);

	report_text(&s->run, &s->t, &s->r, style, out);
	assert_false(out->failed);
	free_case(s);
}

#endif
