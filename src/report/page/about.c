/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/page/about.h"
#include <string.h>

#define APART_NS (INT64_C(600) * 1000000000)

static bool is_same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

enum rounds_outcome about_rounds(const struct about *about)
{
	const struct about_round *first = about ? about->rounds : NULL;

	if (!first || about->rounds_n < 2)
		return ROUNDS_ONE;
	for (size_t i = 1; i < about->rounds_n; i++) {
		const struct about_round *r = &about->rounds[i];

		if (!is_same(r->state, first->state) || !is_same(r->blocker, first->blocker) ||
		    !is_same(r->mechanism, first->mechanism))
			return ROUNDS_DIFFER;
	}
	if (about->rounds[about->rounds_n - 1].started_ns - first->started_ns >= APART_NS)
		return ROUNDS_PERMANENT;
	return ROUNDS_ALIKE;
}

void about_set_public(struct about *about, const struct addr *addr, const char *source)
{
	size_t at = 0;

	while (at < about->public_n && about->public[at].addr.family != addr->family)
		at++;
	if (at == ABOUT_PUBLIC_MAX)
		return;
	about->public[at] = (struct about_public){*addr, source};
	if (at == about->public_n)
		about->public_n++;
}

bool about_label_name(const char *name)
{
	static const char first[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
	static const char more[] = "0123456789.-";
	size_t n = strlen(name);

	for (size_t i = 0; i < n; i++)
		if (!strchr(first, name[i]) && (i == 0 || !strchr(more, name[i])))
			return false;
	return n > 0 && n < 64;
}
