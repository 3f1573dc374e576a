/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/report.h"
void report_readme(const struct run_info *run, const struct trace *t, const struct result *r,
		   struct text *out)
{
	(void)run;
	(void)t;
	(void)r;
	text_add(out, "readme\n");
}
