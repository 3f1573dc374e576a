/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/names/lines.h"
#include "io/host/status.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Reads to the end of the file or one byte past the limit, so that the caller can tell. */
static size_t read_all(FILE *file, char *to, size_t room)
{
	size_t len = 0;
	size_t got;

	while (len < room && (got = fread(to + len, 1, room - len, file)) > 0)
		len += got;
	return len;
}

int lines_load(const char *path, char **out, size_t *len, struct err *err)
{
	bool standard_input = strcmp(path, "-") == 0;
	FILE *file = standard_input ? stdin : fopen(path, "re");
	char *text = NULL;
	int result = -1;

	*out = NULL;
	*len = 0;
	if (!file)
		return err_set(err, IO_INPUT, "cannot open '%s': %s", path, strerror(errno));
	text = malloc(LINES_FILE_MAX + 1);
	if (!text) {
		err_set(err, IO_SYSTEM, "no memory to read '%s'", path);
		goto out;
	}
	errno = 0;
	*len = read_all(file, text, LINES_FILE_MAX + 1);
	if (ferror(file)) {
		err_set(err, IO_INPUT, "cannot read '%s': %s", path, strerror(errno));
		goto out;
	}
	if (*len > LINES_FILE_MAX) {
		err_set(err, IO_INPUT, "'%s' is too large: more than %d bytes", path,
			LINES_FILE_MAX);
		goto out;
	}
	*out = text;
	text = NULL;
	result = 0;
out:
	free(text);
	if (!standard_input)
		fclose(file);
	return result;
}

struct lines lines_of(const char *text, size_t len, const char *name)
{
	struct lines l = {.at = text, .end = text + len, .name = name};

	/* The byte order mark that some editors put first. */
	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		l.at += 3;
	return l;
}

int lines_error(const struct lines *l, struct err *err, const char *fmt, ...)
{
	char what[ERR_MSG_BYTES];
	va_list args;

	va_start(args, fmt);
	vsnprintf(what, sizeof(what), fmt, args);
	va_end(args);
	return err_set(err, IO_INPUT, "%s:%u: %s", l->name, l->number, what);
}

/* Takes the next line out of the text, without its end and the blanks around it. */
static int take_line(struct lines *l, struct err *err)
{
	const char *from = l->at;
	const char *to = memchr(from, '\n', (size_t)(l->end - from));
	size_t len;

	if (!to)
		to = l->end;
	l->at = to < l->end ? to + 1 : to;
	l->number++;
	if (to > from && to[-1] == '\r')
		to--;
	while (from < to && is_blank(*from))
		from++;
	while (to > from && is_blank(to[-1]))
		to--;
	len = (size_t)(to - from);
	if (len >= LINE_BYTES)
		return lines_error(l, err, "the line is too long: more than %d bytes",
				   LINE_BYTES - 1);
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)from[i];

		if ((c < 0x20 && c != '\t') || c == 0x7f)
			return lines_error(l, err, "a control character (\\x%02x) in the line", c);
	}
	memcpy(l->line, from, len);
	l->line[len] = '\0';
	return 0;
}

int lines_next(struct lines *l, struct err *err)
{
	while (l->at < l->end) {
		if (take_line(l, err))
			return -1;
		if (l->line[0] != '\0' && l->line[0] != '#')
			return 1;
	}
	return 0;
}

char *lines_column(char **rest, bool tabs)
{
	char *column = *rest;
	char *end;

	if (!column)
		return NULL;
	end = strpbrk(column, tabs ? "\t" : " \t");
	*rest = NULL;
	if (!end)
		return column;
	*end++ = '\0';
	while (!tabs && is_blank(*end))
		end++;
	*rest = end;
	return column;
}

bool lines_number(const char *text, unsigned long max, unsigned long *out)
{
	unsigned long value = 0;

	if (*text == '\0')
		return false;
	for (; *text; text++) {
		unsigned long digit;

		if (*text < '0' || *text > '9')
			return false;
		digit = (unsigned long)(*text - '0');
		if (digit > max || value > (max - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	*out = value;
	return true;
}
