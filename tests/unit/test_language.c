/* SPDX-License-Identifier: BSD-2-Clause */
/* Which language the environment asks for. */
#include "cli/out/language.h"
#include "data/data.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* What is set, and the language that is spoken. NULL: not set. */
static const struct row {
	const char *lang, *language, *messages, *all;
	const char *spoken;
} rows[] = {
	{NULL, NULL, NULL, NULL, "en"},
	{"de_DE.UTF-8", NULL, NULL, NULL, "de"},
	{"de_AT.utf8@euro", NULL, NULL, NULL, "de"},
	{"de_DE.ISO-8859-1", NULL, NULL, NULL, "en"},
	{"de_DE", NULL, NULL, NULL, "en"},
	{"C.UTF-8", "de", NULL, NULL, "en"},
	{"POSIX", "de", NULL, NULL, "en"},
	{"en_GB.UTF-8", "nl:pt_BR:de", NULL, NULL, "pt"},
	{"en_GB.UTF-8", "nl:sv", NULL, NULL, "en"},
	{"de_DE.UTF-8", "en:fr", NULL, NULL, "en"},
	{"de_DE.UTF-8", NULL, "fr_FR.UTF-8", NULL, "fr"},
	{"de_DE.UTF-8", NULL, "fr_FR.UTF-8", "it_IT.UTF-8", "it"},
	{"de_DE.UTF-8", NULL, NULL, "C", "en"},
	{"nl_NL.UTF-8", NULL, NULL, NULL, "en"},
	{"dez.UTF-8", NULL, NULL, NULL, "en"},
	{"de_DE.UTF-8", "../../../tmp/x:%s%n", NULL, NULL, "de"},
	{"de_DE.UTF-8", ":::", NULL, NULL, "de"},
};

static void set(const char *name, const char *value)
{
	if (value)
		assert_int_equal(setenv(name, value, 1), 0);
	else
		assert_int_equal(unsetenv(name), 0);
}

static void set_all(const struct row *row)
{
	set("LANG", row->lang);
	set("LANGUAGE", row->language);
	set("LC_MESSAGES", row->messages);
	set("LC_ALL", row->all);
	set("LC_CTYPE", NULL);
}

/* The name of the language whose catalogue this is. */
static const char *name_of(const struct catalogue *catalogue)
{
	size_t n;
	const struct data_language *table = data_languages(&n);

	for (size_t i = 0; catalogue && i < n; i++)
		if (table[i].bytes == catalogue->bytes)
			return table[i].name;
	return "en";
}

static void test_environment(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct options o = {0};

		set_all(&rows[i]);
		language_choose(&o);
		if (strcmp(name_of(language_catalogue(&o)), rows[i].spoken) != 0)
			fail_msg("row %zu speaks %s, not %s", i, name_of(language_catalogue(&o)),
				 rows[i].spoken);
	}
}

static void test_option(void **state)
{
	(void)state;
	struct options o = {.language = "pl"};

	set_all(&rows[1]);
	language_choose(&o);
	assert_string_equal(name_of(language_catalogue(&o)), "pl");
	o = (struct options){.language = "en"};
	language_choose(&o);
	assert_null(language_catalogue(&o));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_environment),
		cmocka_unit_test(test_option),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
