/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef IO_RESULTS_JSON_CUT_H
#define IO_RESULTS_JSON_CUT_H

/*
 * A JSON text without the members that nobody will read, before a parser makes a tree of it: of
 * thousands of large objects the trees are what takes the time. The text is hostile.
 */

#include "base/text.h"
#include <stdbool.h>
#include <stddef.h>

/* A member to keep; a list of them ends with a key that is NULL. */
struct json_member {
	const char *key; /* plain ASCII without quotes or backslashes */
	/* What to keep of the object that is its value, or of each one in the array that is; NULL:
	 * everything. */
	const struct json_member *inside;
};

/*
 * Appends the value that the text is to *out, with only these members. What a parser makes of it
 * has all that it would have made of the wanted members; what is dropped is looked at only as far
 * as is needed to find its end. False where the text is not such a value as far as that, or nests
 * too deeply: *out is of no use then, and the parser may say why. `out->failed` is for the caller.
 */
bool json_cut(const char *text, size_t len, const struct json_member *keep, struct text *out);

#endif
