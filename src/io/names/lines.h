/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_NAMES_LINES_H
#define IO_NAMES_LINES_H

/*
 * Small text files, line by line and strictly: what the user wrote is either
 * understood or refused with the number of the line.
 */

#include "base/err.h"
#include <stdbool.h>
#include <stddef.h>

#define LINES_FILE_MAX (1024 * 1024)
#define LINE_BYTES     1024

struct lines {
	const char *at, *end;
	const char *name; /* what messages call the text */
	unsigned number;  /* of the line in `line`, from 1 */
	char line[LINE_BYTES];
};

/*
 * Reads a whole file ("-": standard input) of at most LINES_FILE_MAX bytes. The caller frees
 * *out. 0, or -1 with *err (code 4, or 5 without memory).
 */
int lines_load(const char *path, char **out, size_t *len, struct err *err);

struct lines lines_of(const char *text, size_t len, const char *name);

/*
 * Moves to the next line that says something, without surrounding blanks. 1, 0 at the end, or
 * -1 with *err (code 4): a control character, or a line that is too long.
 */
int lines_next(struct lines *l, struct err *err);

/* Fills *err with "NAME:LINE: ..." and code 4; returns -1. */
int lines_error(const struct lines *l, struct err *err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * Cuts the next column off *rest: up to a tab when `tabs`, else up to blanks. NULL when
 * nothing is left; an empty column (two tabs in a row) is "".
 */
char *lines_column(char **rest, bool tabs);

/* A whole decimal number of at most max; false when the text is anything else. */
bool lines_number(const char *text, unsigned long max, unsigned long *out);

#endif
