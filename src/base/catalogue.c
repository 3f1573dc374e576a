/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/catalogue.h"
#include "base/bytes.h"
#include <string.h>

#define MAGIC	     0x950412deu
#define HEADER_BYTES 20
#define ENTRY_BYTES  8 /* a string in a table: its length, where it begins */

static unsigned form_german(unsigned long n)
{
	return n != 1;
}

static unsigned form_french(unsigned long n)
{
	return n > 1;
}

static unsigned form_polish(unsigned long n)
{
	if (n == 1)
		return 0;
	return n % 10 >= 2 && n % 10 <= 4 && (n % 100 < 10 || n % 100 >= 20) ? 1 : 2;
}

/* The rules of plural forms that our catalogues name, by their text in the header. */
static const struct {
	const char *text;
	unsigned (*form)(unsigned long count);
} rules[] = {
	{"nplurals=2; plural=(n != 1);", form_german},
	{"nplurals=2; plural=(n > 1);", form_french},
	{"nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
	 form_polish},
};

static uint32_t number_at(const struct catalogue *c, size_t at)
{
	struct bytes b = bytes_of(c->bytes + at, 4);

	return bytes_u32_as(&b, true);
}

/* String i of a table. */
static const char *string(const struct catalogue *c, uint32_t table, uint32_t i)
{
	return (const char *)c->bytes + number_at(c, table + (size_t)i * ENTRY_BYTES + 4);
}

/* Whether all strings of a table lie in the file and end there. */
static int check_table(const struct catalogue *c, uint32_t table)
{
	if (table > c->n || (c->n - table) / ENTRY_BYTES < c->strings)
		return -1;
	for (uint32_t i = 0; i < c->strings; i++) {
		size_t len = number_at(c, table + (size_t)i * ENTRY_BYTES);
		size_t at = number_at(c, table + (size_t)i * ENTRY_BYTES + 4);

		if (at >= c->n || len >= c->n - at || c->bytes[at + len] != '\0')
			return -1;
	}
	return 0;
}

/* The index of the text, -1: there is none. The strings are sorted. */
static int64_t find(const struct catalogue *c, const char *text)
{
	uint32_t low = 0, high = c->strings;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		int order = strcmp(text, string(c, c->ids, middle));

		if (order == 0)
			return middle;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return -1;
}

int catalogue_open(const unsigned char *bytes, size_t n, struct catalogue *out)
{
	const char *header;

	*out = (struct catalogue){.bytes = bytes, .n = n};
	if (n < HEADER_BYTES || number_at(out, 0) != MAGIC)
		return -1;
	out->strings = number_at(out, 8);
	out->ids = number_at(out, 12);
	out->texts = number_at(out, 16);
	if (check_table(out, out->ids) != 0 || check_table(out, out->texts) != 0)
		return -1;
	/* The text of "" is the header. */
	if (find(out, "") < 0)
		return -1;
	header = string(out, out->texts, (uint32_t)find(out, ""));
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		if (strstr(header, rules[i].text))
			out->form = rules[i].form;
	}
	return out->form ? 0 : -1;
}

const char *catalogue_say(const struct catalogue *c, const char *text)
{
	int64_t i = c && *text ? find(c, text) : -1;

	return i < 0 ? text : string(c, c->texts, (uint32_t)i);
}

const char *catalogue_count(const struct catalogue *c, const char *one, const char *many,
			    unsigned long count)
{
	int64_t i = c ? find(c, one) : -1;
	const char *form, *end;

	if (i < 0)
		return count == 1 ? one : many;
	/* The forms stand one behind the other, each with its NUL. */
	form = string(c, c->texts, (uint32_t)i);
	end = form + number_at(c, c->texts + (size_t)i * ENTRY_BYTES);
	for (unsigned n = c->form(count); n > 0 && form + strlen(form) < end; n--)
		form += strlen(form) + 1;
	return form;
}
