/* SPDX-License-Identifier: BSD-2-Clause */
/* What "nft -nsa list ruleset" prints: it is quoted, and nothing is concluded from it. */
#include "io/host/firewall_nft.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MARK " # handle "

/* Whether the line opens the block of that kind and name: "table inet f { # handle 1". */
static bool opens(const char *line, const char *kind, const char *name)
{
	size_t k = strlen(kind), n = strlen(name);

	return strncmp(line, kind, k) == 0 && strncmp(line + k, name, n) == 0 &&
	       strncmp(line + k + n, " {", 2) == 0;
}

/* Whether the line is of the rule, or says where the chain hooks in; it loses its mark. */
static bool is_wanted(char *line, long long handle)
{
	char *mark = strstr(line, MARK);

	if (handle == 0)
		return strncmp(line, "type ", 5) == 0;
	if (!mark || strtoll(mark + strlen(MARK), NULL, 10) != handle)
		return false;
	*mark = '\0';
	return true;
}

void nft_quote(const char *text, const char *table, const char *chain, long long handle,
	       char out[RULES_LINE_BYTES])
{
	bool in_table = false, in_chain = false;

	while (text && (text = rules_line(text, out)) != NULL) {
		if (strncmp(out, "table ", 6) == 0) {
			in_table = opens(out, "table ", table);
			in_chain = false;
		} else if (strncmp(out, "chain ", 6) == 0) {
			in_chain = in_table && opens(out, "chain ", chain);
		} else if (in_chain && is_wanted(out, handle)) {
			return;
		}
	}
	if (handle == 0)
		snprintf(out, RULES_LINE_BYTES, "its policy is to drop");
	else
		snprintf(out, RULES_LINE_BYTES, "the rule with handle %lld", handle);
}
