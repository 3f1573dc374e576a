/* SPDX-License-Identifier: BSD-2-Clause */
#include "table.h"
#include <stdio.h>
#include <stdlib.h>

static int by_value(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;
	return x < y ? -1 : x > y;
}

static bool fits(const struct sample *s, int kind, int rtt_class)
{
	int class = s->rtt_ms == 0 ? 0 : s->rtt_ms <= 100 ? 1 : 2;
	return s->kind == kind && class == rtt_class;
}

static void print_row(const char *name, float *values, size_t n, const char *unit)
{
	qsort(values, n, sizeof(*values), by_value);
	printf("%-28s %8zu %9.0f %9.0f %9.0f %9.0f %s\n", name, n, (double)values[n / 2],
	       (double)values[n * 9 / 10], (double)values[n * 99 / 100], (double)values[n - 1],
	       unit);
}

static void print_kind(const struct table *t, int kind, int rtt_class, float *values)
{
	static const char *const rtts[] = {"near", "to 100 ms", "to 300 ms"};
	char name[64];
	size_t n = 0, m = 0;
	for (size_t i = 0; i < t->samples_n; i++) {
		if (fits(&t->samples[i], kind, rtt_class))
			values[n++] = t->samples[i].took_ms;
	}
	if (!n)
		return;
	snprintf(name, sizeof(name), "%s, %s", case_kind_name((enum case_kind)kind),
		 rtts[rtt_class]);
	print_row(name, values, n, "ms");
	for (size_t i = 0; i < t->samples_n; i++) {
		if (fits(&t->samples[i], kind, rtt_class))
			values[m++] = t->samples[i].syns;
	}
	print_row("", values, m, "SYNs");
}

void table_print_costs(const struct table *t)
{
	float *values = calloc(t->samples_n ? t->samples_n : 1, sizeof(*values));
	if (!values)
		return;
	printf("\n%-28s %8s %9s %9s %9s %9s\n", "costs", "count", "median", "90 %", "99 %", "most");
	for (int kind = 0; kind < CASE_KINDS; kind++) {
		for (int rtt_class = 0; rtt_class < 3; rtt_class++)
			print_kind(t, kind, rtt_class, values);
	}
	free(values);
}
