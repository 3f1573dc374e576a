/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/report.h"
void report_ticket(const struct run_info *run, const struct trace *t, const struct result *r,
		   const struct attachments *attached, struct text *out)
{ (void)run;(void)t;(void)r;(void)attached; text_add(out, "ticket\n"); }
