/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef REPORT_PAGE_VIEW_H
#define REPORT_PAGE_VIEW_H

/*
 * What a part of a text report sees.
 */

#include "report/page/page.h"
#include "report/report.h"

/* The paper, the run, its trace and its result. */
struct view {
	const struct page *page;
	const struct run_info *run;
	const struct trace *t;
	const struct result *r;
	const struct catalogue *catalogue; /* of the headline and advice; NULL: English */
};

#endif
