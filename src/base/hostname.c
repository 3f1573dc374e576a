/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/hostname.h"
#include <stddef.h>
#include <string.h>

#define LABEL_MAX 63

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_name_char(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
	       c == '_';
}

/* The length of the label at s, 0 when it is none; *number says that it has only digits. */
static size_t label_length(const char *s, bool *number)
{
	size_t n = 0;

	*number = true;
	for (; is_name_char(s[n]); n++)
		*number = *number && is_digit(s[n]);
	if (n > LABEL_MAX || s[0] == '-' || (n > 0 && s[n - 1] == '-'))
		return 0;
	return n;
}

bool hostname_valid(const char *s)
{
	bool number = true;

	if (strlen(s) > HOSTNAME_MAX)
		return false;
	do {
		size_t n = label_length(s, &number);

		if (n == 0)
			return false;
		s += n;
		if (*s == '.')
			s++;
		else if (*s != '\0')
			return false;
	} while (*s != '\0');
	return !number;
}
