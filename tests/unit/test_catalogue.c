/* SPDX-License-Identifier: BSD-2-Clause */
/* Catalogues: what they say, and what is none. */
#include "base/arena.h"
#include "base/catalogue.h"
#include "data/data.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define BYTES_MAX 1024

/* A catalogue as msgfmt lays it out. */
struct made {
	unsigned char bytes[BYTES_MAX];
	size_t n;
};

static void put(struct made *m, size_t at, uint32_t number)
{
	for (size_t i = 0; i < 4; i++)
		m->bytes[at + i] = (unsigned char)(number >> 8 * i);
}

/* A string of n bytes and its NUL, entered in a table's row. */
static void add(struct made *m, size_t row, const char *s, size_t n)
{
	put(m, row, (uint32_t)n);
	put(m, row + 4, (uint32_t)m->n);
	memcpy(m->bytes + m->n, s, n + 1);
	m->n += n + 1;
}

/* The header with this rule, one text and one count. */
static void make(struct made *m, const char *rule)
{
	static const char many[] = "%d hop\0%d hops", forms[] = "%d skok\0%d skoki\0%d skoków";

	*m = (struct made){.n = 28 + 6 * 8};
	put(m, 0, 0x950412de);
	put(m, 8, 3);
	put(m, 12, 28);
	put(m, 16, 28 + 3 * 8);
	add(m, 28, "", 0);
	add(m, 36, many, sizeof(many) - 1);
	add(m, 44, "port %u", strlen("port %u"));
	add(m, 52, rule, strlen(rule));
	add(m, 60, forms, sizeof(forms) - 1);
	add(m, 68, "Port nr %u", strlen("Port nr %u"));
}

static const char polish[] = "Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && "
			     "(n%100<10 || n%100>=20) ? 1 : 2);\n";

static void test_says(void **state)
{
	static const struct {
		unsigned n;
		const char *said;
	} counts[] = {{0, "0 skoków"},	 {1, "1 skok"},	   {2, "2 skoki"},     {5, "5 skoków"},
		      {12, "12 skoków"}, {22, "22 skoki"}, {112, "112 skoków"}};
	struct made m;
	struct catalogue c;
	struct arena arena = {.catalogue = &c};

	(void)state;
	make(&m, polish);
	assert_int_equal(catalogue_open(m.bytes, m.n, &c), 0);
	assert_string_equal(arena_say(&arena, "port %u", 587u), "Port nr 587");
	assert_string_equal(arena_say(&arena, "hop %d", 3), "hop 3");
	assert_string_equal(arena_word(&arena, ""), "");
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		assert_string_equal(
			arena_count(&arena, counts[i].n, "%d hop", "%d hops", (int)counts[i].n),
			counts[i].said);
	arena.catalogue = NULL;
	assert_string_equal(arena_count(&arena, 2, "%d hop", "%d hops", 2), "2 hops");
	assert_string_equal(arena_count(&arena, 1, "%d hop", "%d hops", 1), "1 hop");
	assert_string_equal(arena_word(&arena, "port"), "port");
	arena_free(&arena);
}

/* Cut anywhere, or with any byte of its tables changed, it is refused or says something. */
static void test_refuses(void **state)
{
	struct made m;
	struct catalogue c;

	(void)state;
	make(&m, polish);
	for (size_t n = 0; n < m.n; n++) {
		unsigned char *cut = malloc(n ? n : 1);

		assert_non_null(cut);
		memcpy(cut, m.bytes, n);
		assert_int_equal(catalogue_open(cut, n, &c), -1);
		free(cut);
	}
	for (size_t at = 0; at < 76; at++) {
		struct made other = m;

		other.bytes[at] ^= 0xff;
		if (catalogue_open(other.bytes, other.n, &c) == 0)
			assert_non_null(catalogue_say(&c, "port %u"));
	}
	make(&m, "Plural-Forms: nplurals=2; plural=n%2;\n");
	assert_int_equal(catalogue_open(m.bytes, m.n, &c), -1);
}

/* Those that are compiled in can be read, each in its own words. */
static void test_compiled_in(void **state)
{
	size_t n;
	const struct data_language *table = data_languages(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		struct catalogue c;

		assert_int_equal(catalogue_open(table[i].bytes, *table[i].len, &c), 0);
		assert_string_not_equal(catalogue_say(&c, "Nothing."), "Nothing.");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_says),
		cmocka_unit_test(test_refuses),
		cmocka_unit_test(test_compiled_in),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
