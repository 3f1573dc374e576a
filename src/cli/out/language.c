/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/out/language.h"
#include "data/data.h"
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The locale of a category, by its variable's value; "" where the environment names none. */
static const char *locale_of(const char *category)
{
	const char *all = getenv("LC_ALL"), *lang = getenv("LANG");

	if (all && *all)
		return all;
	if (category && *category)
		return category;
	return lang ? lang : "";
}

/* "de_AT.UTF-8" is of UTF-8, whether or not this system has that locale. */
static bool speaks_utf8(void)
{
	const char *codeset = strchr(locale_of(getenv("LC_CTYPE")), '.');

	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0 ||
	       (codeset &&
		(strncasecmp(codeset, ".utf-8", 6) == 0 || strncasecmp(codeset, ".utf8", 5) == 0));
}

/* Whether the locale name of n bytes is in this language: "de", "de_AT", "de@euro". */
static bool is_in(const char *name, size_t n, const char *language)
{
	size_t len = strlen(language);

	return n >= len && strncmp(name, language, len) == 0 &&
	       (n == len || strchr("_.@", name[len]));
}

/* Opens the catalogue of the locale's language. Whether that is settled: English needs none. */
static bool open_for(struct catalogue *out, const char *name, size_t n)
{
	size_t languages;
	const struct data_language *table = data_languages(&languages);

	if (is_in(name, n, "en") || is_in(name, n, "C"))
		return true;
	for (size_t i = 0; i < languages; i++) {
		if (is_in(name, n, table[i].name) &&
		    catalogue_open(table[i].bytes, *table[i].len, out) == 0)
			return true;
	}
	*out = (struct catalogue){0};
	return false;
}

void language_choose(struct options *o)
{
	const char *locale = locale_of(getenv("LC_MESSAGES")), *list = getenv("LANGUAGE");

	if (o->language) {
		open_for(&o->catalogue, o->language, strlen(o->language));
		return;
	}
	/* A locale without language means English, whatever LANGUAGE says. */
	if (*locale == '\0' || is_in(locale, strlen(locale), "C") || strcmp(locale, "POSIX") == 0 ||
	    !speaks_utf8())
		return;
	for (size_t n; list && *list; list += n + (list[n] == ':')) {
		n = strcspn(list, ":");
		if (n > 0 && open_for(&o->catalogue, list, n))
			return;
	}
	open_for(&o->catalogue, locale, strlen(locale));
}

const struct catalogue *language_catalogue(const struct options *o)
{
	return o->catalogue.bytes ? &o->catalogue : NULL;
}
