/* SPDX-License-Identifier: BSD-2-Clause */
/* Names without an address: a note tells some of many, and how many there are. */
#include "cli/live/unfound.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

/* The text of the one note about so many names that fail alike; the caller frees the trace. */
static const char *note_of(size_t n, struct trace *t)
{
	struct candidate *items = calloc(n, sizeof(*items));
	struct resolve_host *lookups = calloc(n, sizeof(*lookups));
	struct candidates c = {.items = items, .n = n, .cap = n};
	struct err err;
	assert_non_null(items);
	assert_non_null(lookups);
	trace_init(t);
	for (size_t i = 0; i < n; i++) {
		items[i].server.host = "mx.example";
		lookups[i].why = "no resolver answers";
	}
	assert_int_equal(unfound_names(t, &c, lookups, &err), 0);
	free(items);
	free(lookups);
	assert_int_equal(t->notes_n, 1);
	return t->notes[0].text;
}

static void test_few_are_all_named(void **state)
{
	(void)state;
	struct trace t;
	assert_string_equal(note_of(2, &t),
			    "mx.example, mx.example have no address: no resolver answers");
	trace_free(&t);
}

static void test_many_are_counted(void **state)
{
	(void)state;
	struct trace t;
	const char *text = note_of(1000, &t);
	assert_non_null(strstr(text, " and 980 more have no address"));
	assert_true(strlen(text) < 400);
	trace_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_few_are_all_named),
		cmocka_unit_test(test_many_are_counted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
